// The form of a patient, new or kept: duplicates, refusals, a stale version and the draft are handled here.
import { h } from '../../kernel/dom.js';
import { effect, onDispose, signal } from '../../kernel/signal.js';
import { get, patch, post } from '../../api/client.js';
import { session } from '../../api/session.js';
import { button } from '../../ui/button.js';
import { fieldsIn } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { guardLeave } from '../../router.js';
import { draftOf } from './draft.js';
import { createDuplicates, duplicateNotes } from './duplicates.js';
import { changes, DEFAULTS, filled } from './fields.js';
import { formGroups } from './form-fields.js';
import { duplicateRefusal, wholeNumbers } from './duplicate-form.js';
import { t } from './person-words.js';

/** @typedef {Record<string, any>} Contact */

const DRAFT_MS = 300;

/**
 * @param {object} options
 * @param {Contact} [options.contact] the one being edited
 * @param {Contact} [options.start] what is known of a new one
 * @param {(contact: Contact) => void} options.onSaved
 * @param {() => void} options.onCancel
 */
export function contactForm({ contact, start, onSaved, onCancel }) {
  const draft = draftOf(session.peek()?.clinic.id ?? 0, session.peek()?.user.id ?? 0, String(contact?.id ?? 'new'));
  const restored = signal(false);
  let version = contact?.version ?? null;
  let finished = false;
  const allowLabel = () => t(contact ? 'dup_allow_edit' : 'dup_allow');
  const duplicates = createDuplicates({ exceptId: contact?.id });

  const made = form({
    class: 'contact-form', label: () => (contact ? t('form_edit', { name: contact.display_name }) : t('form_new')),
    body: [
      () => restored.value && draftNote(() => refill(contact ?? start ?? {})),
      formGroups({ onInput: changed, after: {
        identity: [{ field: 'cns', node: duplicateNotes(duplicates, ['cpf', 'cns'], allowLabel) }],
        reach: [{ field: 'email', node: duplicateNotes(duplicates, ['phone'], allowLabel) }],
      } }),
    ],
    submit: () => t(contact ? 'saved_changes' : 'save_new'),
    onCancel,
    check: ({ phone, email, cpf }) => [
      ...(phone || email ? [] : [{ pointer: '/phone', code: 'contact_way_required' }]),
      ...(cpf && duplicates.found.peek().some((item) => item.field === 'cpf') ? [{ pointer: '/cpf', code: 'taken' }] : []),
    ],
    onSubmit: async (values, { key }) => {
      const saved = await send(values, key);
      finished = true;
      draft.drop();
      onSaved(saved);
    },
    explain: (error) => (error.code === 'duplicate' ? duplicateRefusal(error, allowLabel, () => {
      duplicates.allowed.value = true;
      made.submit();
    }) : error.code === 'forbidden' ? t('save_forbidden') : null),
    stale: { reload: async () => refill(await read()), keep: async () => void (version = (await read()).version) },
  });

  const read = () => get(`/api/contacts/${contact?.id}`);
  made.setValues({ ...DEFAULTS, ...start, ...contact });
  let before = made.values();

  /** @param {Record<string, any>} values @param {string} key */
  async function send(values, key) {
    const allow = duplicates.allowed.peek() ? { allow_duplicate: true } : {};
    if (!contact) return post('/api/contacts', { ...filled(values), ...allow }, { idempotencyKey: key });
    const body = changes(values, before);
    return Object.keys(body).length ? patch(`/api/contacts/${contact.id}`, { ...body, ...allow }, version ?? 0) : contact;
  }

  /** Everything as the server has it; what was typed is given up. @param {Contact} fresh */
  function refill(fresh) {
    for (const handle of fieldsIn(made.node)) handle.set(null);
    made.setValues({ ...DEFAULTS, ...fresh });
    version = fresh.version ?? null;
    before = made.values();
    restored.value = false;
    draft.drop();
    changed();
  }

  let timer = 0;
  function changed() {
    const dirty = made.isDirty();
    made.node.toggleAttribute('data-dirty', dirty);
    duplicates.watch(wholeNumbers(made.node, contact));
    clearTimeout(timer);
    timer = window.setTimeout(() => (dirty && !finished ? draft.keep({ values: made.values(), version }) : undefined), DRAFT_MS);
  }

  function restore() {
    const kept = draft.read();
    if (!kept) return;
    const flat = (/** @type {string} */ name) => name.split('.').reduce((part, key) => part?.[key], /** @type {any} */ (kept.values));
    for (const handle of fieldsIn(made.node)) handle.set(flat(handle.name));
    version = kept.version ?? version;
    restored.value = made.isDirty();
    changed();
  }
  restore();
  protect(made, draft, () => finished);
  onDispose(() => clearTimeout(timer));
  effect(() => {
    // The whole CPF is refused while typing, in its own field.
    const taken = duplicates.found.value.some((item) => item.field === 'cpf');
    if (taken) fieldsIn(made.node).find((handle) => handle.name === 'cpf')?.setError(t('dup_short'));
  });
  return made.node;
}

/** Leaving asks; leaving all the same gives the draft up. @param {import('../../ui/form.js').Form} made @param {ReturnType<typeof draftOf>} draft @param {() => boolean} finished */
function protect(made, draft, finished) {
  const ask = async () => {
    if (finished()) return true;
    const leave = await made.mayLeave();
    if (leave) draft.drop();
    return leave;
  };
  guardLeave(ask);
}

/** @param {() => void} onDrop */
const draftNote = (onDrop) => h('div', { class: 'note info', role: 'status' }, icon('info'), h('div', null, h('p', null, () => t('draft_back'))), button({ label: () => t('draft_drop'), small: true, onClick: onDrop }));

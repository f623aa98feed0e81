// Last step: the import while it runs and what came of it; a past import opens here too.
import { h } from '../../../kernel/dom.js';
import { signal } from '../../../kernel/signal.js';
import { ApiError, address } from '../../../api/client.js';
import { announce } from '../../../ui/toast.js';
import { button, linkButton } from '../../../ui/button.js';
import { confirm } from '../../../ui/dialog.js';
import { icon } from '../../../ui/icon.js';
import { problemText } from '../../../i18n/problems.js';
import { fmt } from '../../../i18n/index.js';
import { t } from '../person-words.js';
import { undoImport } from './flow.js';

/** @typedef {import('./flow.js').Import} Import */
/** @typedef {{ id: number, display_name: string }} Used */

/** @param {import('../../../kernel/signal.js').Signal<Import | null>} current @param {() => void} onChange */
export function resultStep(current, onChange) {
  const refusal = signal(/** @type {Node | string | null} */ (null));
  /** @param {Import} item */
  async function undo(item) {
    const sure = await confirm({ title: t('import_undo_title', { name: item.file_name }), text: t('import_undo_text', { count: item.created }), action: t('import_undo'), danger: true });
    if (!sure) return;
    try {
      refusal.value = null;
      current.value = await undoImport(item);
      announce(t('import_undone'));
      onChange();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusal.value = error.code === 'import_used' ? usedNote(error.problem.contacts ?? []) : problemText(error);
    }
  }
  return h('div', { class: 'import-result' },
    () => current.value && (current.value.status === 'running' ? progress(current) : outcome(current.value, undo)),
    () => refusal.value && h('div', { class: 'note bad', role: 'alert' }, icon('error'), h('div', null, refusal.value)));
}

/** @param {import('../../../kernel/signal.js').Signal<Import | null>} current */
function progress(current) {
  const item = () => /** @type {Import} */ (current.value);
  return h('div', { class: 'card import-progress' }, h('h2', null, t('import_running')),
    h('progress', { max: Math.max(1, item().rows), value: item().done, 'aria-label': t('import_running') }),
    h('p', { role: 'status' }, t('import_progress', { done: item().done, rows: item().rows })),
    h('p', { class: 'muted' }, t('import_leave')));
}

const OUTCOME = /** @type {const} */ ({ done: ['ok', 'ok'], failed: ['bad', 'error'], undone: ['info', 'undo'] });

/** @param {Import} item */
function outcomeTitle(item) {
  if (item.status === 'failed') return [t('import_failed'), t('import_failed_text')];
  if (item.status === 'undone') return [t('import_undone'), t('import_undone_text')];
  return [t('import_done', { count: item.created }), ''];
}

/** @param {Import} item @param {(item: Import) => Promise<void>} undo */
function outcome(item, undo) {
  const [tone, name] = OUTCOME[/** @type {'done'} */ (item.status)] ?? OUTCOME.done;
  const [title, text] = outcomeTitle(item);
  const refused = item.invalid + item.duplicates;
  return h('div', { class: 'card outcome' },
    h('div', { class: ['outcome-head', tone], role: 'status' }, icon(name, { size: 'large' }), h('div', null, h('h2', null, title), h('p', { class: 'muted' }, [item.file_name, text].filter(Boolean).join('. ')))),
    h('ul', { class: 'counts', 'aria-label': t('import_step_done') },
      count(item.created, 'created', 'ok', 'ok'), count(item.duplicates, 'duplicates', 'warn', 'copy'), count(item.invalid, 'invalid', 'bad', 'error')),
    h('div', { class: 'button-row' },
      item.status === 'done' && linkButton({ label: () => t('import_see'), href: '/contacts', kind: 'primary' }),
      refused > 0 && linkButton({ label: () => t('import_download'), icon: 'export', href: address(`/api/contacts/imports/${item.id}/errors`), props: { download: '' } }),
      ['done', 'failed'].includes(item.status) && item.created > 0 && button({ label: () => t('import_undo'), icon: 'undo', kind: 'danger', onClick: () => void undo(item) }),
      linkButton({ label: () => t('import_new'), href: '/contacts/import', kind: 'ghost' })));
}

/** @param {number} value @param {'created' | 'duplicates' | 'invalid'} key @param {string} tone @param {string} name */
const count = (value, key, tone, name) => h('li', { class: value ? tone : 'zero' }, icon(name), h('strong', null, fmt.number(value)), h('span', null, t(`import_${key}`, { count: value })));

/** @param {Used[]} contacts */
const usedNote = (contacts) => h('div', null, h('strong', null, t('import_used')), h('p', null, t('import_used_text')),
  h('ul', { class: 'used-list' }, contacts.map((contact) => h('li', null, h('a', { href: `/contacts/${contact.id}` }, contact.display_name)))));

// The import of patients in three steps: file, check, result.
import { h } from '../../../kernel/dom.js';
import { computed, effect, scope, signal, untrack } from '../../../kernel/signal.js';
import { can } from '../../../api/session.js';
import { linkButton } from '../../../ui/button.js';
import { empty } from '../../../ui/empty.js';
import { icon } from '../../../ui/icon.js';
import { skeleton } from '../../../ui/skeleton.js';
import { t } from '../person-words.js';
import { backHeader } from '../back.js';
import { checkStep } from './check-step.js';
import { fileStep } from './file-step.js';
import { createFlow, followImport } from './flow.js';
import { pastImports } from './past.js';
import { resultStep } from './result-step.js';

const STEPS = /** @type {const} */ (['file', 'check', 'done']);

/** @param {import('../../../router.js').Context} ctx @returns {import('../../../router.js').View} */
export function importPage(ctx) {
  const title = () => t('import_title');
  if (!can('import_contacts')) return { title, node: h('div', { class: 'page' }, empty({ icon: 'lock', title: () => t('import_forbidden'), text: () => t('import_forbidden_text'), action: linkButton({ label: () => t('back_to_list'), href: '/contacts' }) })) };
  const flow = createFlow((id) => void ctx.navigate(`/contacts/import?id=${id}`));
  const past = pastImports();
  const id = computed(() => Number(ctx.query.value.get('id')) || 0);
  const step = computed(() => (id.value ? 'done' : flow.check.value ? 'check' : 'file'));
  const shown = signal(/** @type {Node | null} */ (null));
  effect(() => {
    const [which, number] = [step.value, id.value];
    const made = untrack(() => scope(() => (which === 'done' ? result(number, past.load) : which === 'check' ? checkStep(flow) : fileStep(flow))));
    shown.value = made.value;
    // Back from a result the page is ready for the next file.
    if (which === 'done') untrack(() => flow.reset());
  });
  const node = h('div', { class: 'page import-page' },
    h('p', { class: 'muted import-intro' }, () => t('import_intro')), stepper(() => step.value), () => shown.value, () => step.value !== 'check' && past.node);
  return { node, title, header: backHeader({ title }) };
}

/** @param {() => string} current */
function stepper(current) {
  const at = () => STEPS.indexOf(/** @type {any} */ (current()));
  return h('ol', { class: 'steps', 'aria-label': () => t('import_steps') }, STEPS.map((name, index) =>
    h('li', { class: { past: () => index < at() }, 'aria-current': () => (index === at() ? 'step' : null) },
      h('span', { class: 'step-no', 'aria-hidden': 'true' }, () => (index < at() ? icon('check', { size: 'small' }) : String(index + 1))), h('span', null, () => t(`import_step_${name}`)))));
}

/** @param {number} id @param {() => void} onChange */
function result(id, onChange) {
  const { current, missing } = followImport(id);
  effect(() => {
    if (current.value && current.value.status !== 'running') onChange();
  });
  return h('div', null, () => {
    if (missing.value) return empty({ icon: 'import', title: () => t('not_found_title'), action: linkButton({ label: () => t('import_new'), href: '/contacts/import' }) });
    return current.value ? null : skeleton({ lines: 3 });
  }, resultStep(current, onChange));
}

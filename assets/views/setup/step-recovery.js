// Step 3: the recovery code, shown once, kept by the person, proven by its last group.
import { h } from '../../kernel/dom.js';
import { clinicPath, post } from '../../api/client.js';
import { clinic, loadSession } from '../../api/session.js';
import { area, dayOf, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { copyText } from '../../ui/copy.js';

const t = await area('setup');

/** @param {import('./index.js').Wizard} wizard */
export function stepRecovery(wizard) {
  const groups = wizard.recoveryCode.split('-');
  const confirming = form({
    label: () => t('step3'), submit: () => t('finish'),
    body: [
      h('p', { class: 'recovery-code', role: 'group', 'aria-label': () => t('code_label') }, groups.map((group, index) => h('span', null, group + (index < groups.length - 1 ? '-' : '')))),
      h('div', { class: 'button-row' },
        button({ label: () => t('code_print'), icon: 'print', onClick: () => window.print() }),
        button({ label: () => t('code_copy'), icon: 'copy', onClick: () => void copyText(wizard.recoveryCode) })),
      h('div', { class: 'note warn' }, icon('key'), h('p', null, () => t('step3_keep'))),
      field({ name: 'answer', label: () => t('code_again'), hint: () => t('code_again_hint'), props: { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 12, class: 'input code-input' } }),
    ],
    onSubmit: async ({ answer }) => {
      await post(clinicPath('/recovery/confirm'), { answer: answer.toUpperCase() });
      await loadSession();
      wizard.finish();
    },
  });
  return [h('div', { class: 'setup-card' }, confirming.node),
    h('div', { class: 'print-sheet', 'aria-hidden': 'true' }, h('p', null, () => t('print_title')), h('p', null, `${clinic.peek()?.name ?? ''} · ${fmt.longDate(dayOf())}`),
      h('strong', null, wizard.recoveryCode), h('p', null, () => t('print_text')))];
}

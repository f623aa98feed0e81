// Another recovery code: the password given again, the code shown once, its last group typed back.
import { append, h } from '../../kernel/dom.js';
import { signal, untrack } from '../../kernel/signal.js';
import { clinicPath, post } from '../../api/client.js';
import { clinic, loadSession } from '../../api/session.js';
import { area, dayOf, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { copyText } from '../../ui/copy.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { confirmRecovery } from '../../shell/recovery.js';
import { guarded } from './section.js';

const t = await area('settings');
const words = await area('setup');

export function section() {
  const code = signal('');
  return [
    h('p', { class: 'muted' }, () => words('step3_sub')),
    h('div', { class: 'settings-body' }, () => {
      const shown = code.value;
      return untrack(() => (shown ? keeping(code) : [state(), asking(code)]));
    }),
  ];
}

/** Whether someone has proven to have the present code. */
function state() {
  const confirmed = () => clinic.value?.recovery_confirmed;
  return h('div', { class: () => `note ${confirmed() ? '' : 'warn'}` }, icon('key'),
    h('p', null, () => t(confirmed() ? 'recovery_is_confirmed' : 'recovery_is_open')),
    () => !confirmed() && button({ label: () => t('recovery_confirm_old'), kind: 'link', onClick: confirmRecovery }));
}

/** @param {import('../../kernel/signal.js').Signal<string>} code */
function asking(code) {
  const renewing = form({
    label: () => t('recovery_new'), submit: () => t('recovery_new'),
    body: [
      h('p', null, () => t('recovery_new_text')),
      field({ name: 'password', label: () => t('recovery_password'), type: 'password', props: { autocomplete: 'current-password' } }),
    ],
    onSubmit: async ({ password }) => {
      const { recovery_code } = await post(clinicPath('/recovery'), { password });
      void loadSession();
      code.value = recovery_code;
    },
  });
  return h('div', { class: 'settings-card narrow' }, h('h3', null, () => t('recovery_new')), renewing.node);
}

/** Shows the code until its last group is typed back. @param {import('../../kernel/signal.js').Signal<string>} code */
function keeping(code) {
  const shown = code.peek();
  const groups = shown.split('-');
  const confirming = guarded(form({
    label: () => words('step3'), submit: () => t('recovery_kept'),
    body: [
      h('p', { class: 'recovery-code', role: 'group', 'aria-label': () => words('code_label') }, groups.map((group, index) => h('span', null, group + (index < groups.length - 1 ? '-' : '')))),
      h('div', { class: 'button-row' },
        button({ label: () => words('code_print'), icon: 'print', onClick: () => print(shown) }),
        button({ label: () => words('code_copy'), icon: 'copy', onClick: () => void copyText(shown) })),
      h('div', { class: 'note warn' }, icon('key'), h('p', null, () => words('step3_keep'))),
      field({ name: 'answer', label: () => words('code_again'), hint: () => words('code_again_hint'), props: { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 12, class: 'input code-input' } }),
    ],
    onSubmit: async ({ answer }) => {
      await post(clinicPath('/recovery/confirm'), { answer: answer.toUpperCase() });
      await loadSession();
      toast({ text: t('recovery_done') });
      code.value = '';
    },
  }));
  const title = h('h3', { tabindex: '-1' }, () => t('recovery_shown'));
  queueMicrotask(() => title.focus());
  return h('div', { class: 'settings-card' }, title, confirming.node);
}

/** The code on paper: nothing else of the page. @param {string} code */
function print(code) {
  const sheet = h('div', { class: 'recovery-sheet' }, h('p', null, words('print_title')), h('p', null, `${clinic.peek()?.name ?? ''} · ${fmt.longDate(dayOf())}`),
    h('strong', null, code), h('p', null, words('print_text')));
  append(document.body, [sheet]);
  window.addEventListener('afterprint', () => sheet.remove(), { once: true });
  window.print();
}

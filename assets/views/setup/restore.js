// The third door: a clinic comes back from its copies, on a computer that has none.
import { h } from '../../kernel/dom.js';
import { post } from '../../api/client.js';
import { area, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { toast } from '../../ui/toast.js';

const t = await area('setup');

/** @param {import('./index.js').Wizard} wizard */
export function restoring(wizard) {
  const filling = form({
    label: () => t('door_restore'), submit: () => t('restore_now'),
    actions: button({ label: () => t('back'), kind: 'ghost', onClick: () => wizard.go('doors') }),
    body: [
      field({ name: 'folder', label: () => t('restore_folder'), hint: () => t('restore_folder_hint'), props: { autocomplete: 'off', spellcheck: 'false', maxlength: 1000, autofocus: true } }),
      field({ name: 'recovery_code', label: () => t('code_label'), hint: () => t('restore_code_hint'), props: { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 60, class: 'input code-input' } }),
      h('p', { class: 'muted' }, () => t('restore_takes')),
    ],
    onSubmit: async (values) => {
      const { made_at } = await post('/api/setup/restore', values);
      toast({ text: t('restore_done', { at: fmt.dateTime(made_at) }) });
      wizard.signIn();
    },
  });
  return [
    h('header', { class: 'setup-head' }, h('h1', { tabindex: '-1' }, () => t('door_restore')), h('p', null, () => t('restore_sub'))),
    h('div', { class: 'setup-card' }, filling.node),
  ];
}

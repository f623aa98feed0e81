// Step 1: the clinic, its owner and a password. This creates the clinic, so it cannot be gone back to.
import { h } from '../../kernel/dom.js';
import { post } from '../../api/client.js';
import { loadSession } from '../../api/session.js';
import { area, language } from '../../i18n/index.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { newPasswordField } from '../../ui/password.js';
import { button } from '../../ui/button.js';

const t = await area('setup');

/** The clinic's clock is this computer's, when it is a Brazilian one. */
function timeZoneHere() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return /^America\/(Sao_Paulo|Manaus|Cuiaba|Campo_Grande|Belem|Fortaleza|Recife|Maceio|Bahia|Porto_Velho|Boa_Vista|Rio_Branco|Noronha|Araguaina|Santarem|Eirunepe)$/.test(zone) ? zone : 'America/Sao_Paulo';
}

/** @param {import('./index.js').Wizard} wizard */
export function stepClinic(wizard) {
  const creating = form({
    label: () => t('step1'), submit: () => t('create'),
    actions: button({ label: () => t('back'), kind: 'ghost', onClick: () => wizard.go('doors') }),
    body: h('div', { class: 'cols' },
      field({ name: 'clinic_name', label: () => t('clinic_name'), hint: () => t('clinic_name_hint'), props: { autocomplete: 'organization', maxlength: 120, autofocus: true } }),
      field({ name: 'owner_name', label: () => t('your_name'), class: 'w6', props: { autocomplete: 'name', maxlength: 120 } }),
      field({ name: 'email', label: () => t('your_email'), hint: () => t('your_email_hint'), type: 'email', class: 'w6', props: { autocomplete: 'username', maxlength: 254, spellcheck: 'false' } }),
      newPasswordField()),
    onSubmit: async (values, { key }) => {
      const answer = await post('/api/setup', { ...values, language: language.peek(), time_zone: timeZoneHere() }, { idempotencyKey: key });
      wizard.recoveryCode = answer.recovery_code;
      await loadSession();
      wizard.go('hours');
    },
  });
  return h('div', { class: 'setup-card' }, creating.node);
}

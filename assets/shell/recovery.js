// Confirms that the recovery code was kept: it is typed back, or its last group right after the first run.
import { h } from '../kernel/dom.js';
import { clinicPath, post } from '../api/client.js';
import { loadSession } from '../api/session.js';
import { t } from '../i18n/index.js';
import { dialog } from '../ui/dialog.js';
import { field } from '../ui/field.js';
import { form } from '../ui/form.js';
import { toast } from '../ui/toast.js';

export function confirmRecovery() {
  dialog({
    title: t('recovery_title'), size: 'narrow',
    body: (close) => [h('p', null, t('recovery_text')), form({
      submit: () => t('recovery_submit'), onCancel: () => close(),
      body: field({ name: 'answer', label: () => t('recovery_answer'), hint: () => t('recovery_hint'), props: { autocomplete: 'off', autocapitalize: 'characters', maxlength: 80, spellcheck: 'false' } }),
      onSubmit: async ({ answer }) => {
        await post(clinicPath('/recovery/confirm'), { answer: answer.toUpperCase() });
        await loadSession();
        close();
        toast({ text: t('recovery_done') });
      },
    }).node],
  });
}

// Adds a patient with a name and a phone in the side panel, while still on the phone with them.
import { post } from '../../api/client.js';
import { linkButton } from '../../ui/button.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { openPanel } from '../../ui/panel.js';
import { toast } from '../../ui/toast.js';
import { kindOf } from '../../base/search.js';
import { createDuplicates, duplicateNotes } from './duplicates.js';
import { duplicateRefusal, wholeNumbers } from './duplicate-form.js';
import { labelOf } from './form-fields.js';
import { filled, phoneMask } from './fields.js';
import { t } from './person-words.js';

/** @param {{ text?: string, onAdded: (contact: Record<string, any>) => void, navigate: (to: string) => void }} options */
export function openQuickAdd({ text = '', onAdded, navigate }) {
  const start = kindOf(text) === 'number' ? { phone: text } : { name: kindOf(text) === 'name' ? text : '' };
  /** @type {import('../../ui/form.js').Form} */
  let made;
  return openPanel({
    title: () => t('quick_title'), subtitle: () => t('quick_text'), focus: 'first',
    mayClose: () => made.mayLeave(),
    body: (close) => {
      made = quickForm(start, async (contact) => {
        await close({ force: true });
        toast({ text: t('created', { name: contact.display_name ?? contact.name }), action: { label: t('open_record'), onClick: () => navigate(`/contacts/${contact.id}`) } });
        onAdded(contact);
      });
      return made.node;
    },
  });
}

/** @param {{ name?: string, phone?: string }} start @param {(contact: Record<string, any>) => void} onAdded */
function quickForm(start, onAdded) {
  const duplicates = createDuplicates({});
  const allowLabel = () => t('dup_allow');
  const watch = () => duplicates.watch(wholeNumbers(made.node));
  const name = field({ name: 'name', label: labelOf('name'), value: start.name, props: { autocomplete: 'off', autocapitalize: 'words', maxlength: 200 } });
  const phone = field({ name: 'phone', type: 'tel', label: labelOf('phone'), hint: () => t('h_phone_quick'), mask: phoneMask, value: start.phone, onInput: () => watch(), props: { autocomplete: 'off', maxlength: 24 } });
  const full = linkButton({ label: () => t('quick_full'), href: '/contacts/new', kind: 'ghost', props: { onClick: (/** @type {Event} */ event) => {
    const typed = new URLSearchParams(filled(made.values()));
    /** @type {HTMLAnchorElement} */ (event.currentTarget).search = typed.toString();
  } } });
  const made = form({
    label: () => t('quick_title'), submit: () => t('quick_save'), actions: full,
    body: [name, phone, duplicateNotes(duplicates, ['phone'], allowLabel)],
    onSubmit: async (values, { key }) => {
      const allow = duplicates.allowed.peek() ? { allow_duplicate: true } : {};
      onAdded(await post('/api/contacts', { ...filled(values), ...allow }, { idempotencyKey: key }));
    },
    explain: (error) => (error.code === 'duplicate' ? duplicateRefusal(error, allowLabel, () => {
      duplicates.allowed.value = true;
      made.submit();
    }) : null),
  });
  if (start.phone) watch();
  return made;
}

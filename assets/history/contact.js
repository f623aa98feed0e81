// The history of a patient's record: its fields in the words of the form.
import { can } from '../api/session.js';
import { area, fmt } from '../i18n/index.js';
import { formatCep, formatCns, formatCpf, formatPhone } from '../base/brazil.js';
import { openHistory } from './panel.js';

const t = await area('contacts');

/** @type {Record<string, (value: any) => string>} */
const TEXTS = {
  birth_date: fmt.date, cpf: formatCpf, cns: formatCns, phone: formatPhone, 'emergency_contact.phone': formatPhone, 'address.cep': formatCep,
  whatsapp: (on) => t(on ? 'yes' : 'no'),
};
const CHOICES = new Set(['status', 'priority', 'source', 'sex']);

/** @param {string} field @param {any} value */
function text(field, value) {
  if (CHOICES.has(field)) return t(/** @type {any} */ (`${field}_${value}`));
  if (Array.isArray(value)) return fmt.list(value);
  return TEXTS[field]?.(value) ?? String(value);
}

/** The value a record has now under a nested name. @param {Record<string, any>} record @param {string} field */
const now = (record, field) => field.split('.').reduce((/** @type {any} */ part, name) => part?.[name], record) ?? null;

/** @param {string} field @param {any} value @returns {Record<string, any>} */
const nested = (field, value) => field.split('.').reverse().reduce((/** @type {any} */ inner, name) => ({ [name]: inner }), value);

/** @param {{ id: number, display_name: string }} contact */
export const openContactHistory = (contact) => openHistory({
  title: contact.display_name, entity: 'contact', id: contact.id, path: `/api/contacts/${contact.id}`, mayEdit: can('edit_contacts'),
  label: (field) => t(/** @type {'f_name'} */ (`f_${field}`)), text,
  // Only what nobody changed since can be set back without losing a later change.
  undos: ({ changes }, record) => changes.filter(({ field, to }) => JSON.stringify(now(record, field)) === JSON.stringify(to)).map(({ field, from }) => ({ field, body: nested(field, from) })),
});

// The fields of a patient in the order of the form: what each holds, how it is checked and how it is written.
import { isCep, isCns, isCpf, isEmail, isPhone } from '../../base/brazil.js';
import { formatCep, formatCns, formatCpf, formatPhone, phoneDigits, STATES } from '../../base/brazil.js';
import { formatDay, parseBirth, tidyBirth } from '../../base/birth.js';
import { digitsOf } from '../../base/digits.js';
import { tidy } from '../../base/search.js';

/** @typedef {'text' | 'choice' | 'check' | 'list' | 'long'} Kind */
/**
 * @typedef {object} Field
 * @property {string} key          place in the contact, dotted: address.cep
 * @property {string} group        section of the form
 * @property {Kind} kind
 * @property {number} [max]        longest text
 * @property {number} [span]       twelfths of the row on a wide screen
 * @property {boolean} [required]
 * @property {string[]} [choices]
 * @property {string} [inputmode]
 * @property {string} [capitalise] autocapitalize value
 * @property {(text: string, today: string) => string | null} [check]  error code of a text that is not empty
 * @property {(text: string, today: string) => string} [tidy]          the text as it should look once left
 * @property {(text: string, today: string) => string} [send]          the text as the server keeps it
 */

export const GROUPS = Object.freeze(['identity', 'reach', 'address', 'emergency', 'care', 'notes']);
export const STATUSES = Object.freeze(['lead', 'active', 'in_treatment', 'inactive']);
export const PRIORITIES = Object.freeze(['low', 'normal', 'high', 'urgent']);
export const SOURCES = Object.freeze(['whatsapp', 'site', 'referral', 'import', 'walk_in', 'other']);
export const SEXES = Object.freeze(['female', 'male', 'intersex']);

/** @param {string} text @param {string} today */
function checkBirth(text, today) {
  const read = parseBirth(text, today);
  return 'error' in read ? read.error : null;
}

/** @param {string} text @param {string} today */
function sendBirth(text, today) {
  const read = parseBirth(text, today);
  return 'value' in read ? read.value : text;
}

/** @param {(text: string) => boolean} valid @param {string} code */
const must = (valid, code) => (/** @type {string} */ text) => (valid(text) ? null : code);

const phone = { inputmode: 'tel', max: 20, check: must(isPhone, 'invalid_phone'), tidy: formatPhone, send: phoneDigits };

/** @type {readonly Field[]} */
export const FIELDS = Object.freeze([
  { key: 'name', group: 'identity', kind: 'text', max: 200, span: 7, required: true, capitalise: 'words' },
  { key: 'social_name', group: 'identity', kind: 'text', max: 200, span: 5, capitalise: 'words' },
  { key: 'birth_date', group: 'identity', kind: 'text', max: 10, span: 3, inputmode: 'numeric', check: checkBirth, tidy: tidyBirth, send: sendBirth },
  { key: 'sex', group: 'identity', kind: 'choice', span: 3, choices: [...SEXES] },
  { key: 'gender', group: 'identity', kind: 'text', max: 60, span: 6 },
  { key: 'cpf', group: 'identity', kind: 'text', max: 14, span: 3, inputmode: 'numeric', check: must(isCpf, 'invalid_cpf'), tidy: formatCpf, send: digitsOf },
  { key: 'cns', group: 'identity', kind: 'text', max: 18, span: 4, inputmode: 'numeric', check: must(isCns, 'invalid_cns'), tidy: formatCns, send: digitsOf },
  { key: 'record_number', group: 'identity', kind: 'text', max: 30, span: 5 },
  { key: 'mother_name', group: 'identity', kind: 'text', max: 200, span: 7, capitalise: 'words' },
  { key: 'profession', group: 'identity', kind: 'text', max: 100, span: 5 },

  { key: 'phone', group: 'reach', span: 4, kind: 'text', ...phone },
  { key: 'email', group: 'reach', kind: 'text', max: 254, span: 8, inputmode: 'email', capitalise: 'none', check: must(isEmail, 'invalid_email'), tidy: tidy },
  { key: 'whatsapp', group: 'reach', kind: 'check', span: 12 },
  { key: 'status', group: 'reach', kind: 'choice', span: 4, choices: [...STATUSES], required: true },
  { key: 'priority', group: 'reach', kind: 'choice', span: 4, choices: [...PRIORITIES], required: true },
  { key: 'source', group: 'reach', kind: 'choice', span: 4, choices: [...SOURCES] },

  { key: 'address.cep', group: 'address', kind: 'text', max: 9, span: 3, inputmode: 'numeric', check: must((t) => isCep(formatCep(t)) && digitsOf(t).length === 8, 'invalid_cep'), tidy: formatCep, send: digitsOf },
  { key: 'address.street', group: 'address', kind: 'text', max: 200, span: 6 },
  { key: 'address.number', group: 'address', kind: 'text', max: 20, span: 3 },
  { key: 'address.complement', group: 'address', kind: 'text', max: 100, span: 4 },
  { key: 'address.district', group: 'address', kind: 'text', max: 100, span: 8 },
  { key: 'address.city', group: 'address', kind: 'text', max: 100, span: 8 },
  { key: 'address.state', group: 'address', kind: 'choice', span: 4, choices: [...STATES] },

  { key: 'emergency_contact.name', group: 'emergency', kind: 'text', max: 200, span: 7, capitalise: 'words' },
  { key: 'emergency_contact.phone', group: 'emergency', span: 5, kind: 'text', ...phone },

  { key: 'allergies', group: 'care', kind: 'list', max: 100, span: 6 },
  { key: 'medications', group: 'care', kind: 'list', max: 100, span: 6 },

  { key: 'notes', group: 'notes', kind: 'long', max: 4000, span: 12 },
]);

/** @typedef {Record<string, string | boolean | string[]>} Values */
/** @typedef {Record<string, any>} Contact */

export const DEFAULTS = Object.freeze({ status: 'active', priority: 'normal' });

/** @param {Contact} contact @param {string} key */
const dig = (contact, key) => key.split('.').reduce((at, part) => at?.[part], /** @type {any} */ (contact));

/** Form values of a contact; without one, of an empty form.
 * @param {Contact} [contact]
 * @returns {Values} */
export function valuesOf(contact) {
  /** @type {Values} */
  const values = {};
  for (const field of FIELDS) {
    const held = contact ? dig(contact, field.key) : /** @type {any} */ (DEFAULTS)[field.key];
    if (field.kind === 'list') values[field.key] = [...(held ?? [])];
    else if (field.kind === 'check') values[field.key] = Boolean(held);
    else if (field.key === 'birth_date') values[field.key] = formatDay(held);
    else values[field.key] = field.tidy && held ? field.tidy(String(held), '9999-12-31') : (held ?? '');
  }
  return values;
}

/** Error code of one field, or null.
 * @param {Field} field @param {Values} values @param {string} today */
export function checkField(field, values, today) {
  const value = values[field.key];
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (!text) return field.required ? 'required' : null;
  if (field.max && text.length > field.max) return 'too_long';
  return field.check?.(text, today) ?? null;
}

/** Every error of the form, by field; the pair of ways to reach someone is checked on the phone.
 * @param {Values} values @param {string} today
 * @returns {Record<string, string>} */
export function checkAll(values, today) {
  /** @type {Record<string, string>} */
  const errors = {};
  for (const field of FIELDS) {
    const code = checkField(field, values, today);
    if (code) errors[field.key] = code;
  }
  if (!values.phone && !values.email && !errors.phone) errors.phone = 'contact_way_required';
  return errors;
}

/** @param {Field} field @param {Values} values @param {string} today */
function sent(field, values, today) {
  const value = values[field.key];
  if (typeof value !== 'string') return value;
  const text = field.kind === 'long' ? value.trim() : tidy(value);
  return text === '' ? null : (field.send?.(text, today) ?? text);
}

/** The body to send: whole for a new contact, only what differs from `before` for a kept one.
 * @param {Values} values @param {string} today @param {Values} [before]
 * @returns {Contact} */
export function bodyOf(values, today, before) {
  /** @type {Contact} */
  const body = {};
  const changed = changedKeys(values, before ?? valuesOf());
  const touched = new Set(changed.map((key) => key.split('.')[0]));
  for (const field of FIELDS) {
    const [head, tail] = field.key.split('.');
    const fixed = !before && (field.required || field.key === 'whatsapp');
    if (!touched.has(head) && !fixed) continue;
    const value = sent(field, values, today);
    if (tail) (body[head] ??= {})[tail] = value;
    else body[head] = value;
  }
  return body;
}

/** @param {Values} values @param {Values} before */
export const changedKeys = (values, before) =>
  FIELDS.map((field) => field.key).filter((key) => JSON.stringify(values[key]) !== JSON.stringify(before[key]));

/** Field a server pointer speaks of: /address/cep is address.cep, /allergies/2 is allergies.
 * @param {string} pointer */
export function keyOfPointer(pointer) {
  const dotted = pointer.replace(/^\//, '').replaceAll('/', '.');
  return FIELDS.find((field) => dotted === field.key || dotted.startsWith(`${field.key}.`))?.key ?? null;
}

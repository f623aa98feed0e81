// The fields of a patient in the order of the form, with the masks that check and write them.
import { STATES } from '../../base/brazil.js';
import { parseBirth, tidyBirth } from '../../base/birth.js';
import { dayOf } from '../../i18n/index.js';
import { masks } from '../../ui/masks.js';

/** @typedef {import('../../ui/masks.js').Mask & { full?: number }} Mask  `full`: characters after which a number is whole and is checked at once */
/**
 * @typedef {object} Field
 * @property {string} name         place in the contact, dotted: address.cep
 * @property {'text' | 'email' | 'tel' | 'select' | 'textarea' | 'check' | 'list'} type
 * @property {number} max          longest text
 * @property {number} [span]       twelfths of the row on a wide screen
 * @property {boolean} [required]
 * @property {readonly string[]} [choices]
 * @property {string} [words]      prefix of the words of the choices; without it a choice is its own word
 * @property {string} [empty]      a select that may stay empty
 * @property {Mask} [mask]
 * @property {Record<string, any>} [props]
 * @property {boolean} [hint]
 */

export const STATUSES = /** @type {const} */ (['lead', 'active', 'in_treatment', 'inactive']);
const PRIORITIES = ['low', 'normal', 'high', 'urgent'];
const SOURCES = ['whatsapp', 'site', 'referral', 'import', 'walk_in', 'other'];
const SEXES = ['female', 'male', 'intersex', 'unknown'];

/** @type {Mask} */
const cpf = { ...masks.cpf, full: 11 };
/** @type {Mask} */
const cns = { ...masks.cns, full: 15 };
/** @type {Mask} */
const cep = { ...masks.cep, full: 8 };
/** @type {Mask} */
export const phoneMask = { ...masks.phone, full: 11 };

/** Typed and shown as 05/03/1980 in every language, sent as 1980-03-05. @type {Mask} */
const birth = {
  format: (text) => tidyBirth(text, dayOf()),
  clean: (text) => {
    const read = parseBirth(text, dayOf());
    return 'value' in read ? read.value : text;
  },
  check: (clean) => {
    const read = parseBirth(clean, dayOf());
    return 'error' in read ? read.error : null;
  },
  inputmode: 'numeric', full: 10,
};

const words = { autocapitalize: 'words' };

/** @type {readonly { group: string, fields: readonly Field[] }[]} */
export const GROUPS = Object.freeze([
  { group: 'identity', fields: [
    { name: 'name', type: 'text', max: 200, span: 7, required: true, props: words },
    { name: 'social_name', type: 'text', max: 200, span: 5, props: words, hint: true },
    { name: 'birth_date', type: 'text', max: 10, span: 4, mask: birth, hint: true },
    { name: 'cpf', type: 'text', max: 14, span: 4, mask: cpf },
    { name: 'cns', type: 'text', max: 18, span: 4, mask: cns },
    { name: 'sex', type: 'select', max: 20, span: 4, choices: SEXES, words: 'sex', empty: 'not_informed' },
    { name: 'gender', type: 'text', max: 60, span: 4 },
    { name: 'profession', type: 'text', max: 100, span: 4 },
    { name: 'mother_name', type: 'text', max: 200, props: words },
  ] },
  { group: 'reach', fields: [
    { name: 'phone', type: 'tel', max: 20, span: 5, mask: phoneMask, hint: true },
    { name: 'email', type: 'email', max: 254, span: 7, props: { autocapitalize: 'none', spellcheck: 'false' } },
    { name: 'whatsapp', type: 'check', max: 0 },
    { name: 'status', type: 'select', max: 20, span: 4, required: true, choices: STATUSES, words: 'status' },
    { name: 'priority', type: 'select', max: 20, span: 4, required: true, choices: PRIORITIES, words: 'priority' },
    { name: 'source', type: 'select', max: 20, span: 4, required: true, choices: SOURCES, words: 'source' },
  ] },
  { group: 'address', fields: [
    { name: 'address.cep', type: 'text', max: 9, span: 3, mask: cep },
    { name: 'address.street', type: 'text', max: 120, span: 6 },
    { name: 'address.number', type: 'text', max: 20, span: 3 },
    { name: 'address.complement', type: 'text', max: 80, span: 5 },
    { name: 'address.district', type: 'text', max: 80, span: 7 },
    { name: 'address.city', type: 'text', max: 80, span: 8 },
    { name: 'address.state', type: 'select', max: 2, span: 4, choices: STATES, empty: 'not_informed' },
  ] },
  { group: 'emergency', fields: [
    { name: 'emergency_contact.name', type: 'text', max: 200, span: 7, props: words },
    { name: 'emergency_contact.phone', type: 'tel', max: 20, span: 5, mask: phoneMask },
  ] },
  { group: 'care', fields: [
    { name: 'allergies', type: 'list', max: 100, span: 6 },
    { name: 'medications', type: 'list', max: 100, span: 6 },
  ] },
  { group: 'notes', fields: [{ name: 'notes', type: 'textarea', max: 4000 }] },
]);

/** What an empty form starts from. */
export const DEFAULTS = Object.freeze({ status: 'active', priority: 'normal', source: 'other', whatsapp: true });

/** The parts of `now` that differ from `before`; a nested part is sent whole.
 * @param {Record<string, any>} now @param {Record<string, any>} before
 * @returns {Record<string, any>} */
export const changes = (now, before) =>
  Object.fromEntries(Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key])));

/** Without what was left empty. @param {Record<string, any>} values @returns {Record<string, any>} */
export function filled(values) {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => {
    if (value === null || value === undefined || (Array.isArray(value) && !value.length)) return [];
    if (typeof value !== 'object' || Array.isArray(value)) return [[key, value]];
    const inner = filled(value);
    return Object.keys(inner).length ? [[key, inner]] : [];
  }));
}


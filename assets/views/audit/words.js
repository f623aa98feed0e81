// Entries of the trail as sentences a person can read: "Rita remarcou a consulta nº 123".
import { area, fmt } from '../../i18n/index.js';

export const t = await area('audit');
const tContacts = await area('contacts');
const tHistory = await area('history');

/**
 * @typedef {object} Entry
 * @property {number} seq @property {string} at @property {number | null} user_id @property {string | null} user_name @property {string[]} roles
 * @property {string} verb @property {string} entity @property {number | null} entity_id @property {number | null} last_id
 * @property {'done' | 'refused' | 'failed'} outcome @property {string[]} columns @property {string} origin @property {string} request_id
 * @property {string} reason @property {string} hash
 */

/** Acts and kinds of record that can be asked for. */
export const VERBS = ['created', 'updated', 'removed', 'status_changed', 'opened', 'history_opened', 'listed', 'visits_listed', 'searched', 'exported', 'printed', 'imported', 'refused', 'signed_in', 'sign_in_failed', 'erased', 'verified', 'day_closed', 'restored', 'restored_accepted', 'backup_made', 'acknowledged', 'silenced'];
export const ENTITIES = ['contact', 'appointment', 'agenda', 'user', 'room', 'tag', 'block', 'import', 'calendar', 'clinic', 'audit', 'alert', 'backup'];

/** The word of a key, or what stands for one that this version does not know. @param {string} key @param {string} otherwise */
function word(key, otherwise) {
  const text = t(/** @type {any} */ (key));
  return text === key ? otherwise : text;
}

/** @param {string} verb */
export const verbWord = (verb) => word(`act_name_${verb}`, verb);

/** @param {string} entity */
export const entityWord = (entity) => capital(word(`many_${entity}`, word(`one_${entity}`, entity)));

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** @param {Entry} entry */
export function whoOf({ user_name, verb, origin }) {
  if (user_name) return user_name;
  return verb === 'sign_in_failed' || /^[\d.:a-f]+$/.test(origin) ? t('someone') : t('program');
}

/** @param {Entry} entry */
export const fromOf = ({ origin }) => (origin === '127.0.0.1' || origin === '::1' ? t('here') : word(`from_${origin}`, origin));

/** What it was done to. @param {Entry} entry */
function whatOf({ verb, entity, entity_id: id, last_id: last }) {
  const several = last !== null || ((verb === 'listed' || verb === 'searched') && id === null);
  const what = word(`${several ? 'many' : 'one'}_${entity}`, word(`one_${entity}`, entity));
  if (last !== null && id !== null) return t('run', { what, id: String(id), last: String(last) });
  return id === null || entity === 'clinic' ? what : t('numbered', { what, id: String(id) });
}

/** Portuguese draws «de» together with the article after it: «do paciente». @param {string} what */
const ofWhat = (what) => t('of', { what }).replace(/^de ([oa]s?) /, 'd$1 ');

/** @param {Entry} entry */
export function sentence(entry) {
  const rebooked = entry.verb === 'updated' && entry.entity === 'appointment' && entry.columns.includes('starts_at');
  const key = `act_${rebooked ? 'rebooked' : entry.verb}`;
  const what = whatOf(entry);
  const params = { who: whoOf(entry), what, of_what: ofWhat(what), verb: entry.verb };
  return t(/** @type {any} */ (word(key, '') ? key : 'act_other'), params);
}

/** Changed fields, what a search was for and found, or why something was refused; empty when there is nothing to add. @param {Entry} entry */
export function details(entry) {
  const { verb, columns, reason } = entry;
  const parts = verb === 'refused' ? columns.filter((column) => !column.startsWith('times=')).map(refusal) : [...search(columns), fields(entry)];
  const times = columns.find((column) => column.startsWith('times='));
  if (times) parts.push(t('times', { count: Number(times.slice(6)) }));
  if (verb === 'sign_in_failed' && entry.entity_id !== null) parts.push(whatOf(entry));
  if (reason) parts.push(t('because', { reason }));
  return parts.filter(Boolean).join(' · ');
}

/** @param {string} why */
const refusal = (why) => (why === 'not_found' ? t('why_not_found') : t('why_permission', { name: word(`perm_${why}`, why) }));

/** @param {string[]} columns */
function search(columns) {
  const valueOf = (/** @type {string} */ name) => columns.filter((column) => column.startsWith(`${name}=`)).map((column) => column.slice(name.length + 1));
  return [...valueOf('term').map((kind) => word(`term_${kind}`, kind)), ...valueOf('found').map((count) => t('found', { count: Number(count) }))];
}

/** Where the words of a patient's and an appointment's fields are; those of all others are the trail's own. @type {Record<string, (name: string) => string>} */
const FIELD_WORDS = { contact: (name) => tContacts(/** @type {any} */ (`f_${name}`)), appointment: (name) => tHistory(/** @type {any} */ (`a_${name}`)) };

/** @param {string} entity @param {string} name */
function fieldWord(entity, name) {
  const text = FIELD_WORDS[entity]?.(name) ?? '';
  return text && !/^[fa]_/.test(text) ? text : capital(word(`c_${name}`, name));
}

/** @param {Entry} entry */
function fields({ entity, columns }) {
  const names = columns.filter((column) => !column.includes('=')).map((name) => fieldWord(entity, name));
  return names.length ? t('fields', { list: names.join(', ') }) : '';
}

/** @param {{ seq: number, why: string, checkpoint: number | null }} fault */
export const faultText = ({ seq, why, checkpoint }) => t('fault', { seq: fmt.number(seq), why: t(/** @type {any} */ (`fault_${why}`), { checkpoint: checkpoint ?? '' }) });

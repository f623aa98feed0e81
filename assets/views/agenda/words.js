// The agenda's words: the typed translator and the sentences built from an appointment, the same on screen and to a screen reader.
import { area } from '../../i18n/index.js';
import { clock } from './time.js';

export const t = await area('agenda');

/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./model.js').Item} Item */

/** @param {string} status */
export const statusWord = (status) => t(/** @type {any} */ ('status_' + status));
/** What the button of a step says. @param {string} status */
export const stepWord = (status) => t(/** @type {any} */ ('step_' + status));
/** @param {string} kind */
export const kindWord = (kind) => t(/** @type {any} */ ('kind_' + kind));

/** "14:30, Maria Silva, Retorno, confirmado" @param {Item} item @param {string} [tag] */
export function cardName(item, tag) {
  const { a } = item;
  const parts = [clock(item.start), item.name, kindWord(a.kind), statusWord(a.status).toLocaleLowerCase()];
  if (a.fit_in) parts.push(t('fit_in').toLocaleLowerCase());
  if (a.contact.first_visit && a.kind !== 'first_visit') parts.push(t('first_time'));
  if (tag) parts.push(tag);
  return parts.join(', ');
}

/** Why a span may not be taken, in a few words. @param {{why: string, reason?: string, name?: string}} blocked */
export function whyWord(blocked) {
  if (blocked.why === 'taken') return blocked.name ? t('why_taken', { name: blocked.name }) : t('why_taken_hidden');
  if (blocked.why === 'holiday') return blocked.reason ? holidayWord(blocked.reason) : t('why_holiday');
  if (blocked.why === 'block') return blocked.reason || t('why_block');
  return t(blocked.why === 'lunch' ? 'why_lunch' : 'why_closed');
}

/** A holiday's name: known codes in our words, others as the server names them. @param {string} code @param {string} [name] */
export function holidayWord(code, name) {
  const key = 'holiday_' + code;
  const text = t(/** @type {any} */ (key));
  return text === key ? name || code.replaceAll('_', ' ') : text;
}

/** "1 h 30" @param {number} minutes */
export function spanWord(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return `${rest} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, '0')}` : `${hours} h`;
}

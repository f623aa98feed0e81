// The history of an appointment: moves, people, states, in the words of the agenda.
import { can } from '../api/session.js';
import { area, fmt } from '../i18n/index.js';
import { openHistory, t } from './panel.js';

const tAgenda = await area('agenda');

/** @type {Record<string, (value: any) => string>} */
const TEXTS = {
  starts_at: fmt.dateTime, ends_at: fmt.dateTime, kind: (code) => tAgenda(/** @type {any} */ (`kind_${code}`)), status: (code) => tAgenda(/** @type {any} */ (`status_${code}`)),
  fit_in: (on) => t(on ? 'yes' : 'no'), 'payment.status': (code) => t(/** @type {any} */ (`pay_${code}`)), 'payment.amount_cents': fmt.money,
};
/** What one field alone can be set back to. A state has steps of its own. */
const SINGLE = new Set(['professional_id', 'room_id', 'kind', 'tag_id', 'notes']);

/** @typedef {import('./panel.js').Revision} Revision */

/** @param {Revision} revision @param {Record<string, any>} record */
function undos({ changes }, record) {
  const still = changes.filter(({ field, to }) => (record[field] ?? null) === to);
  const single = still.filter(({ field }) => SINGLE.has(field)).map(({ field, from }) => ({ field, body: { [field]: from } }));
  return [...time(changes, record), ...single];
}

/** Beginning and end go back together. @param {import('./panel.js').Change[]} changes @param {Record<string, any>} record */
function time(changes, record) {
  const of = (/** @type {string} */ name) => changes.find(({ field }) => field === name);
  const [starts, ends] = [of('starts_at'), of('ends_at')];
  if (!starts && !ends) return [];
  if ((starts && starts.to !== record.starts_at) || (ends && ends.to !== record.ends_at)) return [];
  const from = starts?.from ?? record.starts_at;
  const minutes = (Date.parse(ends?.from ?? record.ends_at) - Date.parse(from)) / 60_000;
  return [{ field: starts ? 'starts_at' : 'ends_at', body: { starts_at: from, duration_min: minutes } }];
}

/** @param {{ id: number, contact: { display_name: string } }} appointment */
export const openAppointmentHistory = (appointment) => openHistory({
  title: appointment.contact.display_name, entity: 'appointment', id: appointment.id, path: `/api/appointments/${appointment.id}`, mayEdit: can('edit_appointments'),
  label: (field) => t(/** @type {any} */ (`a_${field}`)), text: (field, value, name) => name ?? TEXTS[field]?.(value) ?? String(value), undos,
});

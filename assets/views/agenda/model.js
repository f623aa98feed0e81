// Turns the server's agenda into columns ready to draw: placed appointments, free stretches, bookable slots. Pure.
import { checkSpan, dayBounds, freeStretches, slotsOf } from './layout.js';
import { isCancelled, holdsTime } from './status.js';
import { addDays, minuteOn, mondayOf, wallOf } from './time.js';

/** @typedef {import('./layout.js').Span} Span */
/** @typedef {import('./layout.js').Stretch} Stretch */
/** @typedef {import('./status.js').Status} Status */
/**
 * @typedef {object} Appointment
 * @property {number} id @property {number} contact_id
 * @property {{id: number, display_name: string, phone: string | null, whatsapp: boolean, first_visit: boolean}} contact
 * @property {number} professional_id @property {number | null} room_id @property {string} starts_at @property {string} ends_at
 * @property {number} duration_min @property {string} kind @property {Status} status @property {number | null} tag_id @property {string | null} notes
 * @property {boolean} fit_in @property {string | null} cancellation_reason
 * @property {string | null} arrived_at @property {string | null} in_care_at @property {string | null} done_at @property {number} version
 */
/** @typedef {{id: number, name: string, color: number, specialty: string | null, room_id: number | null, room_name: string | null, active: boolean}} Professional */
/**
 * @typedef {object} Agenda
 * @property {string} date @property {number} days @property {string} time_zone @property {string} now @property {number} slot_min
 * @property {{date: string, code: string, name?: string}[]} holidays @property {Professional[]} professionals
 * @property {{date: string, professional_id: number, stretches: {starts_at: string, ends_at: string, kind: string, reason?: string, block_id?: number}[]}[]} day_hours
 * @property {Appointment[]} appointments @property {{id: number, name: string}[]} rooms @property {{id: number, name: string, color: number}[]} tags
 * @property {{date: string, booked_min: number, open_min: number, count: number}[]} load
 */
/** @typedef {Span & {a: Appointment, name: string, holds: boolean}} Item */
/**
 * @typedef {object} Column
 * @property {string} key @property {string} date @property {Professional} professional
 * @property {Stretch[]} stretches @property {Item[]} items everything drawn, by start
 * @property {Item[]} taken what holds its time @property {Span[]} free @property {Span[]} slots
 * @property {{code: string, name?: string} | undefined} holiday
 */
/** @typedef {{date: string, view: 'day' | 'week' | 'list', professional: number | null}} Place */

/** What one request asks for. @param {Place} place */
export function rangeOf(place) {
  return place.view === 'week'
    ? { date: mondayOf(place.date), days: 7, professional_id: place.professional }
    : { date: place.date, days: 1, professional_id: null };
}

/** @param {Agenda} data @param {Appointment} a @param {string} date @returns {Item} */
function itemOf(data, a, date) {
  const start = minuteOn(data.time_zone, date, a.starts_at);
  return { start, end: start + a.duration_min, a, name: a.contact.display_name, holds: holdsTime(a.status) };
}

/**
 * @template T
 * @param {T[]} list @param {(item: T) => string} keyOf @returns {Map<string, T[]>}
 */
function groupBy(list, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Columns for the days and professionals asked for, in that order. @param {Agenda} data @param {{dates: string[], professionals: Professional[], cancelled: boolean}} wish @returns {Column[]} */
export function columnsOf(data, { dates, professionals, cancelled }) {
  const shown = cancelled ? data.appointments : data.appointments.filter((a) => !isCancelled(a.status));
  const appointments = groupBy(shown, (a) => a.professional_id + ':' + wallOf(data.time_zone, a.starts_at).date);
  const hours = new Map(data.day_hours.map((entry) => [entry.professional_id + ':' + entry.date, entry]));
  const holidays = new Map(data.holidays.map((holiday) => [holiday.date, holiday]));
  return dates.flatMap((date) => professionals.map((professional) => {
    const key = professional.id + ':' + date;
    const items = (appointments.get(key) ?? []).map((a) => itemOf(data, a, date)).sort((x, y) => x.start - y.start || y.end - x.end || x.a.id - y.a.id);
    const stretches = (hours.get(key)?.stretches ?? []).map((part) => ({
      start: minuteOn(data.time_zone, date, part.starts_at), end: minuteOn(data.time_zone, date, part.ends_at), kind: part.kind, reason: part.reason,
    }));
    const taken = items.filter((item) => item.holds);
    const free = freeStretches(stretches.filter((part) => part.kind === 'open'), taken);
    return { key, date, professional, stretches, items, taken, free, slots: slotsOf(free, data.slot_min), holiday: holidays.get(date) };
  }));
}

/** The dates a place shows. @param {Place} place */
export function datesOf(place) {
  const { date, days } = rangeOf(place);
  return Array.from({ length: days }, (_, index) => addDays(date, index));
}

/** @param {Column[]} columns @returns {Span} */
export function boundsOf(columns) {
  const spans = columns.flatMap((column) => [...column.stretches.filter((part) => part.kind !== 'closed'), ...column.items]);
  const whole = columns.flatMap((column) => column.stretches);
  return dayBounds(spans.length ? spans : whole, { start: 480, end: 1080 });
}

/** May this span of a column be taken, the appointment `except` aside? @param {Column} column @param {Span} span @param {number} [except] */
export function checkColumn(column, span, except) {
  return checkSpan(span, column.stretches, column.taken.filter((item) => item.a.id !== except));
}

/** Free slots that still lie ahead. @param {Column} column @param {{date: string, minute: number}} now */
export function slotsAhead(column, now) {
  if (column.date < now.date) return [];
  return column.date === now.date ? column.slots.filter((slot) => slot.start >= now.minute) : column.slots;
}

/** @param {string} name */
export function initialsOf(name) {
  const words = name.replace(/^(dra?|prof[a]?|enf[a]?)\.?\s+/i, '').split(/\s+/).filter((word) => !/^(d[aeo]s?|e)$/i.test(word));
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? words[1][0] : '')).toUpperCase();
}

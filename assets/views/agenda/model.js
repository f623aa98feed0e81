// What the agenda draws, as plain values: wall-clock minutes in the clinic's zone, lanes, free time, columns. Pure: no DOM, no network.
import { addDays, weekdayOf } from '../../i18n/index.js';

/** @typedef {{start: number, end: number}} Span minutes of the day */
/** @typedef {Span & {kind: string, reason?: string}} Stretch */
/** @typedef {{lane: number, lanes: number}} Lane */
/** @typedef {'requested'|'booked'|'confirmed'|'arrived'|'in_care'|'done'|'no_show'|'left'|'cancelled_by_patient'|'cancelled_by_clinic'} Status */
/** @typedef {{date: string, minute: number}} Wall */
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
 * @property {string} date @property {number} days @property {string} time_zone @property {number} slot_min
 * @property {{date: string, code: string, name?: string}[]} holidays @property {Professional[]} professionals
 * @property {{date: string, professional_id: number, stretches: {starts_at: string, ends_at: string, kind: string, reason?: string | null, block_id?: number | null}[]}[]} day_hours
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

const DAY_MS = 86_400_000;
/** Making an Intl format is slow, and the offset of a whole day serves all its appointments. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
/** Null for the rare day on which the clocks change. @type {Map<string, number | null>} */
const dayOffsets = new Map();

/** @param {string} zone */
function formatOf(zone) {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Minutes that the zone is ahead of UTC at an instant. @param {string} zone @param {number} ms */
export function offsetAt(zone, ms) {
  /** @type {Record<string, number>} */
  const part = {};
  for (const { type, value } of formatOf(zone).formatToParts(ms)) part[type] = Number(value);
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
  return Math.round((wall - Math.floor(ms / 60_000) * 60_000) / 60_000);
}

/** @param {string} date */
const dayNumber = (date) => Date.parse(date + 'T00:00:00Z') / DAY_MS;
/** @param {string} date */
export const mondayOf = (date) => addDays(date, 1 - weekdayOf(date));

/** The offset that holds for a whole day, or null when it changes within it. @param {string} zone @param {string} date */
function dayOffset(zone, date) {
  const key = zone + date;
  let known = dayOffsets.get(key);
  if (known === undefined) {
    const noon = dayNumber(date) * DAY_MS;
    const first = offsetAt(zone, noon - DAY_MS / 2);
    known = first === offsetAt(zone, noon + DAY_MS * 1.5) ? first : null;
    dayOffsets.set(key, known);
  }
  return known;
}

/** @param {string} zone @param {string | number} instant @returns {Wall} */
export function wallOf(zone, instant) {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  const utcDate = new Date(ms).toISOString().slice(0, 10);
  const whole = dayOffset(zone, utcDate);
  const wall = ms + (whole === null ? offsetAt(zone, ms) : whole) * 60_000;
  const number = Math.floor(wall / DAY_MS);
  return { date: new Date(number * DAY_MS).toISOString().slice(0, 10), minute: Math.floor((wall - number * DAY_MS) / 60_000) };
}

/** Minutes from the start of `date` to an instant; beyond 1440 when it lies on a later day. @param {string} zone @param {string} date @param {string} iso */
export function minuteOn(zone, date, iso) {
  const wall = wallOf(zone, iso);
  return wall.date === date ? wall.minute : wall.minute + (dayNumber(wall.date) - dayNumber(date)) * 1440;
}

/** @param {number} minute */
export function clock(minute) {
  const whole = ((minute % 1440) + 1440) % 1440;
  return String(Math.floor(whole / 60)).padStart(2, '0') + ':' + String(whole % 60).padStart(2, '0');
}

const HOLDING = new Set(['requested', 'booked', 'confirmed', 'arrived', 'in_care', 'done']);
/** The step a desk takes most often from each state. @type {Partial<Record<Status, Status>>} */
const NEXT = { requested: 'booked', booked: 'arrived', confirmed: 'arrived', arrived: 'in_care', in_care: 'done' };

/** Does an appointment in this state occupy its time? @param {string} status */
export const holdsTime = (status) => HOLDING.has(status);
/** @type {Partial<Record<Status, Status>>} */
const NEXT_LATER = { requested: 'booked', booked: 'confirmed' };
/** Nobody arrives before the day. @param {Status} status @param {boolean} [later] the day is yet to come */
export const nextStep = (status, later = false) => (later ? NEXT_LATER : NEXT)[status];

/**
 * Side-by-side lanes for what overlaps; everything in one touching group shares its width.
 * @template {Span} T
 * @param {T[]} items sorted by start
 * @param {number} least shortest height in minutes that is drawn, so that short ones do not cover each other
 * @returns {Map<T, Lane>}
 */
export function packLanes(items, least = 0) {
  /** @type {Map<T, Lane>} */
  const places = new Map();
  /** @type {number[]} */
  let ends = [];
  /** @type {T[]} */
  let group = [];
  let groupEnd = -1;
  const close = () => {
    for (const item of group) /** @type {Lane} */ (places.get(item)).lanes = ends.length;
    ends = [];
    group = [];
  };
  for (const item of items) {
    if (item.start >= groupEnd) close();
    const end = Math.max(item.end, item.start + least);
    let lane = ends.findIndex((taken) => taken <= item.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = end;
    places.set(item, { lane, lanes: 1 });
    group.push(item);
    groupEnd = group.length === 1 ? end : Math.max(groupEnd, end);
  }
  close();
  return places;
}

/**
 * What is left of the open stretches once the taken spans are cut out.
 * @param {Span[]} open @param {Span[]} taken sorted by start @returns {Span[]}
 */
export function freeStretches(open, taken) {
  /** @type {Span[]} */
  const free = [];
  for (const stretch of open) {
    let from = stretch.start;
    for (const busy of taken) {
      if (busy.end <= from) continue;
      if (busy.start >= stretch.end) break;
      if (busy.start > from) free.push({ start: from, end: busy.start });
      from = Math.max(from, busy.end);
    }
    if (from < stretch.end) free.push({ start: from, end: stretch.end });
  }
  return free;
}

/**
 * Bookable slots of the free stretches: they start on the clinic's slot grid, and a remainder too short to press joins its neighbour.
 * @param {Span[]} free @param {number} slot @param {number} least
 */
export function slotsOf(free, slot, least = 15) {
  /** @type {Span[]} */
  const slots = [];
  for (const stretch of free) {
    let from = stretch.start;
    while (from < stretch.end) {
      let to = Math.floor(from / slot) * slot + slot;
      if (to - from < least) to += slot;
      if (stretch.end - to < least) to = stretch.end;
      to = Math.min(to, stretch.end);
      if (to - from >= 5) slots.push({ start: from, end: to });
      from = to;
    }
  }
  return slots;
}

/**
 * First and last minute to draw: the clinic's day, widened by whatever lies outside it, in whole hours.
 * @param {Span[]} spans @param {Span} fallback @returns {Span}
 */
export function dayBounds(spans, fallback) {
  let start = Infinity;
  let end = -Infinity;
  for (const span of spans) {
    if (span.start < start) start = span.start;
    if (span.end > end) end = span.end;
  }
  if (!(start < end)) return fallback;
  return { start: Math.max(0, Math.floor(start / 60) * 60), end: Math.min(1440, Math.ceil(end / 60) * 60) };
}

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
  const shown = cancelled ? data.appointments : data.appointments.filter((a) => !a.status.startsWith('cancelled'));
  const appointments = groupBy(shown, (a) => a.professional_id + ':' + wallOf(data.time_zone, a.starts_at).date);
  const hours = new Map(data.day_hours.map((entry) => [entry.professional_id + ':' + entry.date, entry]));
  const holidays = new Map(data.holidays.map((holiday) => [holiday.date, holiday]));
  return dates.flatMap((date) => professionals.map((professional) => {
    const key = professional.id + ':' + date;
    const items = (appointments.get(key) ?? []).map((a) => itemOf(data, a, date)).sort((x, y) => x.start - y.start || y.end - x.end || x.a.id - y.a.id);
    const stretches = (hours.get(key)?.stretches ?? []).map((part) => ({
      start: minuteOn(data.time_zone, date, part.starts_at), end: minuteOn(data.time_zone, date, part.ends_at), kind: part.kind, reason: part.reason ?? undefined,
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

/** Free slots that still lie ahead. @param {Column} column @param {{date: string, minute: number}} now */
export function slotsAhead(column, now) {
  if (column.date < now.date) return [];
  return column.date === now.date ? column.slots.filter((slot) => slot.start >= now.minute) : column.slots;
}


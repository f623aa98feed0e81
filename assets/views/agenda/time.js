// Time in the clinic's zone: the server speaks UTC, the agenda draws wall-clock minutes of a day.
// Pure: knows no DOM and no network.

/** @typedef {{date: string, minute: number}} Wall */

const DAY_MS = 86_400_000;
/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
/** Offsets of whole days; null for the rare day on which the clocks change. @type {Map<string, number | null>} */
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

/** @param {string} date YYYY-MM-DD */
export function dayNumber(date) {
  return Date.parse(date + 'T00:00:00Z') / DAY_MS;
}

/** @param {number} number */
export function dateOfNumber(number) {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** @param {string} date @param {number} days */
export function addDays(date, days) {
  return dateOfNumber(dayNumber(date) + days);
}

/** 1 = Monday … 7 = Sunday. @param {string} date */
export function weekdayOf(date) {
  return ((dayNumber(date) + 3) % 7 + 7) % 7 + 1;
}

/** @param {string} date */
export function mondayOf(date) {
  return addDays(date, 1 - weekdayOf(date));
}

/** @param {string} text */
export function isDate(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(dayNumber(text)) && dateOfNumber(dayNumber(text)) === text;
}

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

/** Wall-clock minute of a clinic's day as an instant. @param {string} zone @param {string} date @param {number} minute */
export function instantOf(zone, date, minute) {
  const wall = dayNumber(date) * DAY_MS + minute * 60_000;
  const whole = dayOffset(zone, date);
  if (whole !== null) return wall - whole * 60_000;
  const guess = wall - offsetAt(zone, wall) * 60_000;
  return wall - offsetAt(zone, guess) * 60_000;
}

/** @param {string} zone @param {string} date @param {number} minute */
export function isoOf(zone, date, minute) {
  return new Date(instantOf(zone, date, minute)).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** @param {string} zone @param {string | number} instant @returns {Wall} */
export function wallOf(zone, instant) {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  const utcDate = new Date(ms).toISOString().slice(0, 10);
  const whole = dayOffset(zone, utcDate);
  const wall = ms + (whole === null ? offsetAt(zone, ms) : whole) * 60_000;
  const number = Math.floor(wall / DAY_MS);
  return { date: dateOfNumber(number), minute: Math.floor((wall - number * DAY_MS) / 60_000) };
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

/** @param {number} value @param {number} step */
export function snap(value, step) {
  return Math.round(value / step) * step;
}

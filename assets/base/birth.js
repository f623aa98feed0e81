// Dates of birth: what people type, how they are written, and how old someone is.

/** @typedef {{year: number, month: number, day: number}} Day */

/** @param {number} year @param {number} month @param {number} day */
function exists(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** @param {number} n @param {number} width */
const pad = (n, width = 2) => String(n).padStart(width, '0');

/** Year meant by two digits: nobody is born in the future, so 48 is 1948 and 12 is 2012.
 * @param {number} short @param {string} today */
function fullYear(short, today) {
  const century = Math.floor(Number(today.slice(0, 4)) / 100) * 100;
  return century + short > Number(today.slice(0, 4)) ? century - 100 + short : century + short;
}

/** Reads 23/11/1980, 23-11-80, 23.11.1980, 23111980 and 1980-11-23.
 * @param {string} text
 * @param {string} today YYYY-MM-DD
 * @returns {{value: string} | {error: 'invalid_date' | 'date_in_future' | 'out_of_range'}} */
export function parseBirth(text, today) {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  const typed = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$/.exec(text.trim()) ?? /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(text.trim());
  if (!iso && !typed) return { error: 'invalid_date' };
  const [y, m, d] = iso ? [iso[1], iso[2], iso[3]] : [typed?.[3] ?? '', typed?.[2] ?? '', typed?.[1] ?? ''];
  const year = y.length === 2 ? fullYear(Number(y), today) : Number(y);
  if (!exists(year, Number(m), Number(d))) return { error: 'invalid_date' };
  const value = `${pad(year, 4)}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  if (value > today) return { error: 'date_in_future' };
  if (year < Number(today.slice(0, 4)) - 130) return { error: 'out_of_range' };
  return { value };
}

/** YYYY-MM-DD as 23/11/1980; anything else as it came.
 * @param {string | null | undefined} iso */
export function formatDay(iso) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso ?? '');
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : (iso ?? '');
}

/** What a birth field shows when it is left: the whole date when it can be read, else the text as typed.
 * @param {string} text @param {string} today */
export function tidyBirth(text, today) {
  const read = parseBirth(text, today);
  return 'value' in read ? formatDay(read.value) : text;
}

/** Age in the unit a clinic uses: months below two years, days below one month.
 * @param {string} birth YYYY-MM-DD
 * @param {string} today YYYY-MM-DD
 * @returns {{count: number, unit: 'year' | 'month' | 'day'} | null} */
export function ageOn(birth, today) {
  const [by, bm, bd] = birth.split('-').map(Number);
  const [ty, tm, td] = today.split('-').map(Number);
  if (!by || !bm || !bd || birth > today) return null;
  const months = (ty - by) * 12 + (tm - bm) - (td < bd ? 1 : 0);
  if (months >= 24) return { count: Math.floor(months / 12), unit: 'year' };
  if (months >= 1) return { count: months, unit: 'month' };
  return { count: Math.round((Date.parse(today) - Date.parse(birth)) / 86_400_000), unit: 'day' };
}

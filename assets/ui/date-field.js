// A date in one field: 23/11, 231126, amanhã, +7, seg; a calendar beside it. Birth dates have no calendar.
import { h, uid } from '../kernel/dom.js';
import { signal } from '../kernel/signal.js';
import { addDays, dayOf, fmt, t, weekdayOf } from '../i18n/index.js';
import { fieldText } from '../i18n/problems.js';
import { iconButton } from './button.js';
import { shell } from './field.js';

const WORDS = /** @type {Record<string, number>} */ ({ hoje: 0, today: 0, amanha: 1, tomorrow: 1, ontem: -1, yesterday: -1 });
const DAYS = [['seg', 'mon'], ['ter', 'tue'], ['qua', 'wed'], ['qui', 'thu'], ['sex', 'fri'], ['sab', 'sat'], ['dom', 'sun']];

/** @param {number} year @param {number} month @param {number} day */
function real(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1875 && year <= 2200 ? date.toISOString().slice(0, 10) : null;
}

/**
 * What a person types as a date, as `YYYY-MM-DD`, or null. Without a year it is the nearest one: in a birth date the past.
 * @param {string} typed @param {{ today?: string, birth?: boolean }} [options]
 */
export function parseDate(typed, { today = dayOf(), birth = false } = {}) {
  const text = typed.trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  if (text in WORDS) return addDays(today, WORDS[text]);
  const jump = /^([+-]\d{1,3})$/.exec(text);
  if (jump) return addDays(today, Number(jump[1]));
  const weekday = DAYS.findIndex((names) => names.some((name) => text.length >= 3 && (text.startsWith(name))));
  if (weekday >= 0 && /^[a-z-]+$/.test(text)) return addDays(today, ((weekday + 1 - weekdayOf(today) + 7) % 7) || 7);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return real(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = /^(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{2}|\d{4}))?$/.exec(text) ?? /^(\d{2})(\d{2})(\d{2}|\d{4})?$/.exec(text);
  if (!parts) return null;
  return real(fullYear(parts[3], Number(today.slice(0, 4)), birth), Number(parts[2]), Number(parts[1]));
}

/** @param {string | undefined} typed @param {number} now @param {boolean} birth */
function fullYear(typed, now, birth) {
  if (!typed) return now;
  const year = Number(typed);
  if (typed.length === 4) return year;
  const century = now - (now % 100);
  return birth && century + year > now ? century - 100 + year : century + year;
}

/**
 * @param {{ name: string, label: string | (() => string), value?: string | null, kind?: 'pick' | 'birth', min?: string, max?: string, hint?: string | (() => string),
 *   optional?: boolean, quiet?: boolean, pointer?: string, class?: string, onInput?: (day: string | null) => void }} options
 */
export function dateField(options) {
  const { name, kind = 'pick', onInput } = options;
  const birth = kind === 'birth';
  const id = uid('f-');
  const error = signal(/** @type {string | null} */ (null));
  const input = h('input', {
    id, name, type: 'text', class: 'input', inputmode: birth ? 'numeric' : 'text', autocomplete: birth ? 'bday' : 'off', required: !options.optional && !options.quiet,
    'aria-describedby': `${id}-d`, 'aria-invalid': () => (error.value ? 'true' : null), maxlength: 20,
  });
  const get = () => (input.value.trim() ? parseDate(input.value, { birth }) : null);
  /** @param {string | null | undefined} day */
  const write = (day) => void (input.value = day ? fmt.date(day) : '');
  write(options.value);
  const check = () => {
    if (!input.value.trim()) return input.required ? 'required' : null;
    const day = get();
    if (!day) return 'invalid_date';
    if (birth && day > dayOf()) return 'date_in_future';
    return (options.min && day < options.min) || (options.max && day > options.max) ? 'out_of_range' : null;
  };
  input.addEventListener('input', () => {
    error.value = null;
    onInput?.(get());
  });
  input.addEventListener('change', () => {
    const day = get();
    if (day) write(day);
    const code = input.value.trim() ? check() : null;
    if (code) error.value = fieldText(code);
  });
  const label = options.label;
  const say = () => (typeof label === 'function' ? label() : label);
  const pick = (/** @type {string} */ day) => {
    write(day);
    error.value = null;
    onInput?.(day);
    input.focus();
  };
  const opener = iconButton({ icon: 'calendar', label: () => `${t('open_calendar')}: ${say()}`, onClick: () => void openCalendar(opener, { value: get(), min: options.min, max: options.max, onPick: pick }) });
  return shell({
    id, error, box: birth ? input : h('div', { class: 'control-box' }, input, opener),
    options: { hint: birth ? () => t('birth_hint') : () => t('date_hint'), ...options },
    handle: { name, pointer: options.pointer ?? '/' + name.replaceAll('.', '/'), label: say, control: input, get, set: write, check, setError: (text) => void (error.value = text) },
  });
}

/** @param {HTMLElement} anchor @param {import('./calendar.js').CalendarOptions} options */
export async function openCalendar(anchor, options) {
  const { calendarPopover } = await import('./calendar.js');
  calendarPopover(anchor, options);
}


// The words and the formats: typed dictionaries, one file per area and language, and Intl in the clinic's time zone.
import { clockAhead } from '../api/client.js';
import { signal } from '../kernel/signal.js';
import ptCommon from './pt-BR/common.js';

/** @typedef {'pt-BR' | 'en'} Language */
/** A sentence, or one sentence per plural form chosen by `count`. @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Text */
/** @typedef {Record<string, Text>} Dictionary */
/** What the English file of an area must be: the same keys as the Portuguese one. @template T @typedef {{ [K in keyof T]: Text }} Same */
/**
 * @typedef {object} Areas
 * @property {typeof import('./pt-BR/common.js').default} common
 * @property {typeof import('./pt-BR/agenda.js').default} agenda
 * @property {typeof import('./pt-BR/contacts.js').default} contacts
 * @property {typeof import('./pt-BR/team.js').default} team
 * @property {typeof import('./pt-BR/settings.js').default} settings
 * @property {typeof import('./pt-BR/setup.js').default} setup
 * @property {typeof import('./pt-BR/health.js').default} health
 * @property {typeof import('./pt-BR/audit.js').default} audit
 * @property {typeof import('./pt-BR/history.js').default} history
 * @property {typeof import('./pt-BR/errors.js').default} errors
 */
/** @template {string} K @typedef {(key: K, params?: Record<string, string | number>) => string} Translate */

/** The language shown; reading it inside an effect or a reactive child makes that follow the language. */
export const language = signal(/** @type {Language} */ ('pt-BR'));
export const timeZone = signal('America/Sao_Paulo');

/** @type {Map<string, Dictionary>} */
const loaded = new Map([['pt-BR/common', ptCommon]]);
const areas = new Set(['common']);

/** @param {Language} lang @param {string} name */
async function load(lang, name) {
  const id = `${lang}/${name}`;
  if (!loaded.has(id)) loaded.set(id, (await import(`./${id}.js`)).default);
}

/** @param {Text} text @param {Record<string, string | number>} params */
function fill(text, params) {
  const form = typeof text === 'string' ? text : text[plural(Number(params.count))] ?? text.other;
  return form.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? fmt.number(value) : value;
  });
}

/** @param {number} count */
const plural = (count) => format(Intl.PluralRules, {}).select(count);

/** @param {string} area @param {string} key @param {Record<string, string | number>} params */
function lookUp(area, key, params) {
  const lang = language.value;
  const text = loaded.get(`${lang}/${area}`)?.[key] ?? loaded.get(`${lang}/common`)?.[key];
  return text === undefined ? key : fill(text, params);
}

/**
 * The words of one area (and the common ones). Await it at the top of the module that uses it.
 * @template {keyof Areas} A @param {A} name @returns {Promise<Translate<Extract<keyof Areas[A] | keyof Areas['common'], string>>>}
 */
export async function area(name) {
  areas.add(name);
  // The language may be another one by the time the words are here.
  while (!loaded.has(`${language.peek()}/${name}`)) await load(language.peek(), name);
  return (key, params = {}) => lookUp(name, key, params);
}

/** The common words. @type {Translate<Extract<keyof Areas['common'], string>>} */
export const t = (key, params = {}) => lookUp('common', key, params);

/** Loads what is on screen in the other language, then switches everything at once. @param {Language} lang */
export async function setLanguage(lang) {
  const missing = () => [...areas].filter((name) => !loaded.has(`${lang}/${name}`));
  // What is opened meanwhile is waited for as well.
  while (missing().length) await Promise.all(missing().map((name) => load(lang, name)));
  document.documentElement.lang = lang;
  language.value = lang;
}

// Dates stay day first in English too: the clinic is in Brazil.
const LOCALES = { 'pt-BR': 'pt-BR', en: 'en-GB' };

/** @type {Map<string, any>} */
const formats = new Map();
/** @type {Map<string, Intl.DateTimeFormat>} */
const dayFormats = new Map();

/** Making an Intl format is slow, so each is made once. @template T @param {new (lang: string, options: any) => T} Kind @param {any} options @returns {T} */
function format(Kind, options) {
  const id = Kind.name + language.value + JSON.stringify(options);
  if (!formats.has(id)) formats.set(id, new Kind(LOCALES[language.value], options));
  return formats.get(id);
}

/** @param {string | number | Date} value */
const toDate = (value) => (value instanceof Date ? value : new Date(value));

/** A day without a time is shown as it is, whatever the zone. @param {string} day `YYYY-MM-DD` */
const dayDate = (day) => new Date(day + 'T12:00:00Z');

/** @param {any} options @param {string | number | Date} value */
function inZone(options, value) {
  const plain = typeof value === 'string' && value.length === 10;
  return format(Intl.DateTimeFormat, { ...options, timeZone: plain ? 'UTC' : timeZone.value }).format(plain ? dayDate(value) : toDate(value));
}

/** Dates are `YYYY-MM-DD` or instants; instants are shown in the clinic's time zone. */
export const fmt = {
  /** 25/11/2026 @param {string | number | Date} value */
  date: (value) => inZone({ day: '2-digit', month: '2-digit', year: 'numeric' }, value),
  /** 25 de novembro de 2026 @param {string | number | Date} value */
  longDate: (value) => inZone({ day: 'numeric', month: 'long', year: 'numeric' }, value),
  /** Quarta-feira, 25 de novembro @param {string | number | Date} value */
  weekdayDate: (value) => capital(inZone({ weekday: 'long', day: 'numeric', month: 'long' }, value)),
  /** qua. 25 nov. @param {string | number | Date} value */
  shortDate: (value) => inZone({ weekday: 'short', day: 'numeric', month: 'short' }, value),
  /** 14:30 @param {string | number | Date} value */
  time: (value) => inZone({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, value),
  /** 25/11/2026 14:30 @param {string | number | Date} value */
  dateTime: (value) => `${fmt.date(value)} ${fmt.time(value)}`,
  /** Minutes of the day as a time: 510 is 08:30. @param {number} minutes */
  minutes: (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
  /** 1 h 30 min @param {number} minutes */
  duration: (minutes) => [minutes >= 60 && `${Math.floor(minutes / 60)} h`, (minutes % 60 || minutes < 60) && `${minutes % 60} min`].filter(Boolean).join(' '),
  /** @param {number} value @param {Intl.NumberFormatOptions} [options] */
  number: (value, options = {}) => format(Intl.NumberFormat, options).format(value),
  /** R$ 1.234,50 @param {number} cents */
  money: (cents) => format(Intl.NumberFormat, { style: 'currency', currency: 'BRL' }).format(cents / 100),
  /** Weekday by number, 1 Monday to 7 Sunday. @param {number} day @param {'long' | 'short'} [weekday] */
  weekday: (day, weekday = 'long') => inZone({ weekday }, `2024-01-0${day}`),
  /** há 5 minutos @param {string | number | Date} value */
  ago: (value) => ago((toDate(value).getTime() - now()) / 1000),
  /** Ana, Bia e Caio @param {string[]} items */
  list: (items) => format(Intl.ListFormat, { type: 'conjunction' }).format(items),
};

const names = new Intl.Collator('pt-BR', { sensitivity: 'base', numeric: true });
const untitled = (/** @type {string} */ name) => name.replace(/^(dra?|sra?)\.?\s+/i, '');
/** The order a Brazilian list of names has: titles, accents and case aside, "Sala 2" before "Sala 10". @param {string} x @param {string} y */
export const byName = (x, y) => names.compare(untitled(x), untitled(y));

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** @param {number} seconds */
function ago(seconds) {
  const relative = format(Intl.RelativeTimeFormat, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(0, 'minute') && t('just_now');
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (size < 86400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86400), 'day');
}

/** Now by the server's clock, in milliseconds: a computer whose own is wrong keeps the clinic's time all the same. */
export const now = () => Date.now() + clockAhead();

/** The clinic's day of an instant, today unless given, `YYYY-MM-DD`. @param {string | number | Date} [instant] */
export function dayOf(instant = now()) {
  const zone = timeZone.peek();
  let days = dayFormats.get(zone);
  if (!days) dayFormats.set(zone, (days = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })));
  return days.format(toDate(instant));
}

/** Minutes since midnight at the clinic. @param {string | number | Date} instant */
export function minuteOf(instant) {
  const [hours, minutes] = fmt.time(instant).split(':').map(Number);
  return hours * 60 + minutes;
}

/** The instant of a day and a minute at the clinic, as the server wants it: `2026-11-25T11:30:00Z`. @param {string} day @param {number} minutes */
export function instantOf(day, minutes) {
  const asUtc = Date.parse(day + 'T00:00:00Z') + minutes * 60000;
  let guess = asUtc;
  // Twice, because the first guess may fall on the other side of a change of the clock.
  for (let round = 0; round < 2; round++) {
    const shown = Date.parse(dayOf(guess) + 'T00:00:00Z') + minuteOf(guess) * 60000;
    guess += asUtc - shown;
  }
  return new Date(guess).toISOString().slice(0, 19) + 'Z';
}

/** @param {string} day @param {number} days */
export const addDays = (day, days) => new Date(Date.parse(day + 'T00:00:00Z') + days * 86400000).toISOString().slice(0, 10);

/** 1 Monday to 7 Sunday. @param {string} day */
export const weekdayOf = (day) => new Date(day + 'T00:00:00Z').getUTCDay() || 7;

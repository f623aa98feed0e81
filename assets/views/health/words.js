// What each check, alert and figure means in words, and what to do about it.
import { area, fmt, now } from '../../i18n/index.js';

export const t = await area('health');

/** @typedef {{ status: import('../../types/api.js').Verdict, value?: number | null }} Check */
/** @typedef {import('../../types/api.js').AlertState} Alert */

/** @param {string} key @returns {string | null} null where this version has no words for it */
function known(key) {
  const text = t(/** @type {any} */ (key));
  return text === key ? null : text;
}

/** A check this version has no words for shows its own name. @param {string} name */
export const checkName = (name) => known(`check_${name}`) ?? name.replaceAll('_', ' ');

/** @param {number} bytes */
export function size(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return fmt.number(bytes / 1000 ** step, { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: step > 2 ? 1 : 0 });
}

/** @param {number} value */
export const ms = (value) => fmt.number(value, { style: 'unit', unit: 'millisecond', unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 });
/** @param {number} value 0 to 1 */
export const share = (value) => fmt.number(value, { style: 'percent', maximumFractionDigits: value < 0.1 ? 1 : 0 });
/** @param {number} value */
export const count = (value) => fmt.number(value, { maximumFractionDigits: value < 10 ? 1 : 0 });
/** @param {number} seconds */
export function age(seconds) {
  const [unit, length] = seconds >= 172_800 ? ['day', 86400] : seconds >= 3600 ? ['hour', 3600] : ['minute', 60];
  const value = seconds / length;
  return fmt.number(value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 });
}
/** @param {number | null | undefined} value @param {(value: number) => string} format */
export const orDash = (value, format) => (value === null || value === undefined ? '–' : format(value));

/** What it found, then what to do when it is not well. */
const TEXTS = /** @type {Record<string, (check: Check) => string[]>} */ ({
  database: ({ status }) => [t(`database_${status}`)],
  writer: ({ status, value }) => [value ? t('writer_waiting', { count: value }) : t('writer_empty'), status === 'healthy' ? '' : t(`writer_${status}`)],
  disk_free_bytes: ({ status, value }) => [typeof value === 'number' ? t('disk_free', { size: size(value) }) : t('disk_unknown'), status === 'healthy' || typeof value !== 'number' ? '' : t(`disk_${status}`)],
  certificate_seconds_left: ({ status, value }) => [status === 'unhealthy' ? '' : t('certificate_left', { count: Math.floor((value ?? 0) / 86400) }), status === 'healthy' ? '' : t(`certificate_${status}`)],
  chain: ({ status, value }) => [t(status !== 'healthy' ? 'chain_broken' : typeof value === 'number' ? 'chain_whole' : 'chain_unproven'), typeof value === 'number' ? t('chain_proven', { ago: fmt.ago(now() - value * 1000) }) : ''],
  backups: ({ status, value }) => [typeof value === 'number' ? t('backups_age', { ago: fmt.ago(now() - value * 1000) }) : t('backups_unknown'), status === 'healthy' ? '' : t('backups_degraded')],
  alerts: ({ value }) => [value ? t('alerts_firing', { count: value }) : t('alerts_quiet')],
});

/** @param {string} name @param {Check} check @param {number[]} failed numbers of the clinics that could not be opened */
export function checkText(name, check, failed) {
  if (name === 'clinics_failed') return t('clinics_failed', { list: fmt.list(failed.map(String)) });
  const words = TEXTS[name]?.(check) ?? [typeof check.value === 'number' ? t('value', { value: check.value }) : ''];
  return words.filter(Boolean).join(' ');
}

/** Checks and alerts that say that what is typed may not be kept. */
const ABOUT_SAVING = new Set(['database', 'writer', 'disk_free_bytes', 'clinics_failed', 'disk', 'error_rate', 'writer_queue']);
const ABOUT_TRAIL = new Set(['chain', 'chain_broken']);

/** The sentence under the verdict: it speaks of saving only where saving is what is wrong. @param {import('../../types/api.js').Verdict | 'unknown'} worst @param {string[]} wrong names of the checks and alerts that are as bad as that */
export function headText(worst, wrong) {
  if (wrong.some((name) => ABOUT_TRAIL.has(name)) && wrong.every((name) => ABOUT_TRAIL.has(name))) return t('trail_text');
  if (worst !== 'unhealthy' || !wrong.length || wrong.some((name) => ABOUT_SAVING.has(name))) return t(`${worst}_text`);
  return t('unhealthy_saving_text');
}

/** @param {Alert} alert */
export const alertTitle = ({ rule }) => known(`alert_${rule}`) ?? rule.replaceAll('_', ' ');

/** @param {Alert} alert */
export const alertMeaning = ({ rule }) => known(`alert_${rule}_means`) ?? '';

/** @param {Alert} alert */
export const alertRemedy = ({ rule }) => known(`alert_${rule}_do`) ?? '';

const UNITS = /** @type {Record<Alert['unit'], (value: number) => string>} */ ({
  ms, share, bytes: size, people: (value) => t('n_people', { count: value }), jobs: (value) => t('n_jobs', { count: value }), count,
  seconds: (value) => {
    if (value >= 172_800) return t('days', { count: Math.floor(value / 86400) });
    const hours = value >= 7200;
    return fmt.number(hours ? value / 3600 : value, { style: 'unit', unit: hours ? 'hour' : 'second', unitDisplay: 'short', maximumFractionDigits: 0 });
  },
});

/** Rules that only say yes or no have no figure worth reading. */
const NO_FIGURE = new Set(['chain_broken', 'cache_unavailable', 'backup_failed', 'drill_failed']);

/** The figure and what it is held against. @param {Alert} alert */
export function alertFigure(alert) {
  if (alert.value === null || NO_FIGURE.has(alert.rule)) return '';
  return t(alert.side === 'above' ? 'figure_above' : 'figure_below', { value: UNITS[alert.unit](alert.value), limit: UNITS[alert.unit](alert.fires_at) });
}

/** How it stands, and since when. @param {Alert} alert @param {number | undefined} me */
export function alertStanding(alert, me) {
  if (alert.state === 'silenced' && alert.silenced_until) return t('silenced_until', { at: fmt.dateTime(alert.silenced_until) });
  if (alert.state === 'acknowledged' && alert.acknowledged_at) return t(alert.acknowledged_by === me ? 'acknowledged_by_me' : 'acknowledged_by_other', { ago: fmt.ago(alert.acknowledged_at) });
  if (alert.state === 'resolved' && alert.resolved_at) return t('resolved_ago', { ago: fmt.ago(alert.resolved_at) });
  return alert.fired_at ? t('firing_since', { ago: fmt.ago(alert.fired_at) }) : '';
}

/** @param {number} seconds */
export function runningFor(seconds) {
  const days = Math.floor(seconds / 86400);
  const rest = fmt.duration(Math.floor((seconds % 86400) / 60));
  return days ? `${t('days', { count: days })}, ${rest}` : rest;
}

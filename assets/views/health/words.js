// What each check means in words, and what to do about it.
import { area, fmt } from '../../i18n/index.js';

const t = await area('health');

/** @typedef {import('./index.js').Check} Check */

/** A check this version has no words for shows its own name. @param {string} name */
export function checkName(name) {
  const key = /** @type {any} */ (`check_${name}`);
  const text = t(key);
  return text === key ? name.replaceAll('_', ' ') : text;
}

/** @param {number} bytes */
function size(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return fmt.number(bytes / 1000 ** step, { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: step > 2 ? 1 : 0 });
}

/** What it found, then what to do when it is not well. */
const TEXTS = /** @type {Record<string, (check: Check) => string[]>} */ ({
  database: ({ status }) => [t(`database_${status}`)],
  writer: ({ status, value }) => [value ? t('writer_waiting', { count: value }) : t('writer_empty'), status === 'healthy' ? '' : t(`writer_${status}`)],
  disk_free_bytes: ({ status, value }) => [typeof value === 'number' ? t('disk_free', { size: size(value) }) : t('disk_unknown'), status === 'healthy' || typeof value !== 'number' ? '' : t(`disk_${status}`)],
  certificate_seconds_left: ({ status, value }) => [status === 'unhealthy' ? '' : t('certificate_left', { count: Math.floor((value ?? 0) / 86400) }), status === 'healthy' ? '' : t(`certificate_${status}`)],
});

/** @param {string} name @param {Check} check @param {number[]} failed numbers of the clinics that could not be opened */
export function checkText(name, check, failed) {
  if (name === 'clinics_failed') return t('clinics_failed', { list: fmt.list(failed.map(String)) });
  const words = TEXTS[name]?.(check) ?? [typeof check.value === 'number' ? t('value', { value: check.value }) : ''];
  return words.filter(Boolean).join(' ');
}

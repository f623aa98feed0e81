// Small texts about a person that several pages share: age, status, numbers as people write them, dates of visits.
import { area, dayOf, fmt } from '../../i18n/index.js';
import { ageOn, formatDay } from '../../base/birth.js';
import { h } from '../../kernel/dom.js';
import { matches } from '../../base/search.js';

export const t = await area('contacts');

/** The word of a code, for example of status "lead"; a code this version does not know shows as it is.
 * @param {string} prefix @param {string | null | undefined} code */
export function word(prefix, code) {
  if (!code) return '';
  const key = /** @type {any} */ (`${prefix}_${code}`);
  const text = t(key);
  return text === key ? code : text;
}

/** "46 anos", or nothing when the birth is unknown. @param {string | null | undefined} birth */
export function ageText(birth) {
  const age = birth ? ageOn(birth, dayOf()) : null;
  return age ? t(/** @type {'age_year'} */ (`age_${age.unit}`), { count: age.count }) : '';
}

/** "23/11/1980, 46 anos" @param {string | null | undefined} birth */
export const birthText = (birth) => [formatDay(birth), ageText(birth)].filter(Boolean).join(', ');

/** "qua., 25 de nov.", with the year when it is not this one. @param {string} instant */
export function visitDay(instant) {
  const year = dayOf(instant).slice(0, 4);
  return year === dayOf().slice(0, 4) ? fmt.shortDate(instant) : `${fmt.shortDate(instant)} ${year}`;
}

/** "Hoje, 14:30", "Amanhã, 08:00", "qua., 25 de nov., 14:30" @param {string} instant */
export function nearDay(instant) {
  const days = Math.round((Date.parse(dayOf(instant)) - Date.parse(dayOf())) / 86_400_000);
  const near = days === 0 ? t('today') : days === 1 ? t('tomorrow') : days === -1 ? t('yesterday') : visitDay(instant);
  return `${near}, ${fmt.time(instant)}`;
}

const TONES = /** @type {Record<string, string>} */ ({ lead: 'info', active: 'ok', in_treatment: 'accent', inactive: '' });

/** @param {string} status */
export const statusBadge = (status) => h('span', { class: ['badge', TONES[status]] }, () => word('status', status));

/** The text with the stretches that answer the query marked. @param {string} text @param {string} query */
export function marked(text, query) {
  const parts = [];
  let at = 0;
  for (const [from, to] of matches(text, query)) {
    parts.push(text.slice(at, from), h('mark', null, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)].filter(Boolean);
}

// The system's health: first in words and with what to do, then in charts, then what it carries and what a technician asks.
import { each, h, loadStyle } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { can } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { registerKeys } from '../../shell/keys.js';
import { message } from '../../shell/message.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { skeleton } from '../../ui/skeleton.js';
import { alerts } from './alerts.js';
import { capacity } from './capacity.js';
import { charts } from './charts.js';
import { details } from './details.js';
import { messages } from './messages.js';
import { createState } from './state.js';
import { checkName, checkText, headText, runningFor, t } from './words.js';

await loadStyle('health');

/** @typedef {import('../../types/api.js').Verdict} Verdict */
/** @typedef {import('./state.js').State} State */

const ICONS = { healthy: 'ok', degraded: 'warning', unhealthy: 'error', unknown: 'info' };
const TONES = { healthy: 'ok', degraded: 'warn', unhealthy: 'bad', unknown: '' };
/** What an alert of that severity makes of the whole. @type {Record<import('../../types/api.js').AlertState['severity'], Verdict>} */
const VERDICTS = { info: 'healthy', warning: 'degraded', critical: 'unhealthy' };
/** The worst first: that is what the page was opened for. @type {Verdict[]} */
const ORDER = ['unhealthy', 'degraded', 'healthy'];

/** @returns {import('../../router.js').View} */
export function view() {
  const title = () => t('health');
  if (!can('view_health')) return { title, node: h('div', { class: 'page' }, message('forbidden')) };
  const state = createState();
  registerKeys([{ key: 'r', label: () => t('check_now'), group: title, run: state.again }]);
  // Made once: what changes later changes in place, so that focus and open details stay.
  const loading = computed(() => state.health.value === undefined);
  const node = h('div', { class: 'page health' }, () => (loading.value ? skeleton({ lines: 8 }) : [head(state), alerts(state), checks(state), facts(state), charts(state), capacity(), messages(), details(state)]));
  return { node, title };
}

/** @param {State} state */
function head(state) {
  const worst = computed(() => {
    const { value } = state.health;
    if (!value) return 'unknown';
    const both = [value.status, state.status.value?.verdict ?? 'healthy'];
    return ORDER.find((one) => both.includes(one)) ?? 'healthy';
  });
  // The alerts by their rules, not as the one line they are below.
  const wrong = () => [...rowsOf(state).filter((one) => one.name !== 'alerts' && one.status === worst.value).map((one) => one.name),
    ...loud(state).filter((one) => VERDICTS[one.severity] === worst.value).map((one) => one.rule)];
  return h('div', { class: () => `health-head ${TONES[worst.value]}` }, icon(() => ICONS[worst.value], { size: 'large' }),
    h('div', { role: 'status' }, h('h2', null, () => t(`${worst.value}_title`)), h('p', null, () => headText(worst.value, wrong()))),
    button({ label: () => t('check_now'), icon: 'refresh', key: 'R', onClick: state.again }));
}

/** What health looks at, and with it the alerts. @param {State} state @returns {{ name: string, status: Verdict, value?: number | null }[]} */
function rowsOf(state) {
  const rows = Object.entries(state.health.value?.checks ?? {}).map(([name, check]) => ({ name, ...check }));
  if (!state.alerts.value) return rows;
  const heard = loud(state).map((one) => VERDICTS[one.severity]);
  return [...rows, { name: 'alerts', status: ORDER.find((one) => heard.includes(one)) ?? 'healthy', value: heard.length }];
}

/** Alerts that are heard. @param {State} state */
const loud = (state) => (state.alerts.value ?? []).filter((one) => one.state === 'firing' || one.state === 'acknowledged');

/** @param {State} state */
function checks(state) {
  const rows = () => rowsOf(state).sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return h('section', { class: 'card' }, h('div', { class: 'card-head' }, h('h2', null, () => t('checks'))),
    each(h('ul', { class: 'health-checks' }), rows, (one) => one.name, (one) => h('li', null,
      icon(() => ICONS[one.value.status], { class: 'health-icon' }),
      h('div', null, h('h3', null, () => checkName(one.value.name)), h('p', null, () => checkText(one.value.name, one.value, state.health.value?.failed_clinics ?? []))),
      h('span', { class: () => (one.value.status === 'healthy' ? 'health-word ok' : `badge ${TONES[one.value.status]}`) }, () => t(`word_${one.value.status}`)))));
}

/** @param {State} state */
function facts(state) {
  const fact = (/** @type {'people_now' | 'version' | 'running_for' | 'checked'} */ name, /** @type {() => string} */ value) => h('div', null, h('dt', null, () => t(name)), h('dd', null, value));
  const people = () => {
    const now = state.status.value?.people;
    return !now ? '–' : now.limit === null ? fmt.number(now.now) : t('people_of', { count: now.now, limit: now.limit });
  };
  return h('dl', { class: 'health-facts', 'aria-label': () => t('about') }, fact('people_now', people), fact('version', () => state.health.value?.version ?? '–'),
    fact('running_for', () => runningFor(state.health.value?.uptime_s ?? 0)), fact('checked', () => fmt.time(state.at.value)));
}

// The system's health: first in words and with what to do, then check by check.
import { each, h, loadStyle } from '../../kernel/dom.js';
import { computed, onDispose, signal } from '../../kernel/signal.js';
import { ApiError, get } from '../../api/client.js';
import { area, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { skeleton } from '../../ui/skeleton.js';
import { checkName, checkText } from './words.js';

const t = await area('health');
await loadStyle('health');

/** @typedef {'healthy' | 'degraded' | 'unhealthy'} Verdict */
/** @typedef {{ status: Verdict, value?: number | null }} Check */
/** What one may not see is null. @typedef {{ status: Verdict, version: string | null, uptime_s: number | null, checks: Record<string, Check> | null, failed_clinics: number[] | null }} Health */

const EVERY_MS = 10000;
const ICONS = { healthy: 'ok', degraded: 'warning', unhealthy: 'error', unknown: 'info' };
const TONES = { healthy: 'ok', degraded: 'warn', unhealthy: 'bad', unknown: '' };
/** The worst first: that is what the page was opened for. @type {Verdict[]} */
const ORDER = ['unhealthy', 'degraded', 'healthy'];

/** An unhealthy server answers 503 with the same body. @returns {Promise<Health | null>} */
async function read() {
  try {
    return await get('/api/observability/health');
  } catch (error) {
    const body = error instanceof ApiError ? /** @type {any} */ (error.problem) : null;
    return body?.checks !== undefined ? body : null;
  }
}

/** @returns {import('../../router.js').View} */
export function view() {
  const health = signal(/** @type {Health | null | undefined} */ (undefined));
  const at = signal(0);
  const check = () => void read().then((answer) => {
    health.value = answer;
    at.value = Date.now();
  });
  check();
  const timer = setInterval(check, EVERY_MS);
  onDispose(() => clearInterval(timer));
  const verdict = computed(() => health.value?.status ?? 'unknown');
  const node = h('div', { class: 'page health' }, () => (health.value === undefined ? skeleton() : [
    h('div', { class: () => `health-head ${TONES[verdict.value]}` }, icon(() => ICONS[verdict.value], { size: 'large' }),
      h('div', { role: 'status' }, h('h2', null, () => t(`${verdict.value}_title`)), h('p', null, () => t(`${verdict.value}_text`))),
      button({ label: () => t('check_now'), icon: 'refresh', onClick: check })),
    health.value && checks(/** @type {import('../../kernel/signal.js').Signal<Health>} */ (health)),
    health.value && facts(/** @type {import('../../kernel/signal.js').Signal<Health>} */ (health), at),
  ]));
  return { node, title: () => t('health') };
}

/** @param {import('../../kernel/signal.js').Signal<Health>} health */
function checks(health) {
  const rows = () => Object.entries(health.value.checks ?? {}).map(([name, check]) => ({ name, ...check })).sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return h('section', { class: 'card' }, h('div', { class: 'card-head' }, h('h2', null, () => t('checks'))),
    each(h('ul', { class: 'health-checks' }), rows, (one) => one.name, (one) => h('li', null,
      icon(() => ICONS[one.value.status], { class: 'health-icon' }),
      h('div', null, h('h3', null, () => checkName(one.value.name)), h('p', null, () => checkText(one.value.name, one.value, health.value.failed_clinics ?? []))),
      h('span', { class: () => (one.value.status === 'healthy' ? 'health-word ok' : `badge ${TONES[one.value.status]}`) }, () => t(`word_${one.value.status}`)))));
}

/** @param {import('../../kernel/signal.js').Signal<Health>} health @param {import('../../kernel/signal.js').Signal<number>} at */
function facts(health, at) {
  const fact = (/** @type {'version' | 'running_for' | 'checked'} */ name, /** @type {() => string} */ value) => h('div', null, h('dt', null, () => t(name)), h('dd', null, value));
  return h('dl', { class: 'health-facts', 'aria-label': () => t('about') }, fact('version', () => health.value.version ?? ''), fact('running_for', () => runningFor(health.value.uptime_s ?? 0)), fact('checked', () => fmt.time(at.value)));
}

/** @param {number} seconds */
function runningFor(seconds) {
  const days = Math.floor(seconds / 86400);
  const rest = fmt.duration(Math.floor((seconds % 86400) / 60));
  return days ? `${t('days', { count: days })}, ${rest}` : rest;
}

// What a technician asks: each route's times, what the caches hold, the last lines of the log. Read only when opened.
import { h } from '../../kernel/dom.js';
import { computed, effect, signal } from '../../kernel/signal.js';
import { get } from '../../api/client.js';
import { fmt } from '../../i18n/index.js';
import { message } from '../../shell/message.js';
import { button } from '../../ui/button.js';
import { field } from '../../ui/field.js';
import { skeleton } from '../../ui/skeleton.js';
import { table } from '../../ui/table.js';
import { ms, orDash, share, size, t } from './words.js';

/** @typedef {import('../../types/api.js').RouteMetrics} Route */
/** @typedef {import('../../types/api.js').Caches} Caches */
/** @typedef {import('../../types/api.js').Lines['items'][number]} Line */
/** @typedef {import('./state.js').State} State */

const LEVELS = /** @type {const} */ (['error', 'warn', 'info', 'debug']);
const CATEGORIES = /** @type {const} */ (['auth', 'medical', 'api', 'security', 'performance', 'cache', 'audit', 'system']);
const TONES = /** @type {Record<string, string>} */ ({ ERROR: 'bad', WARN: 'warn' });

/** @param {State} state */
export function details(state) {
  const open = signal(false);
  const node = h('details', { class: 'card health-details' }, h('summary', null, h('h2', null, () => t('details'))),
    h('div', { class: 'health-details-body' }, () => (open.value ? [routes(state), caches(), logs()] : null)));
  node.addEventListener('toggle', () => (open.value = node.open));
  return node;
}

/** @param {'routes' | 'caches' | 'logs'} name @param {...import('../../kernel/dom.js').Child} parts */
const part = (name, ...parts) => h('div', { class: 'health-part' }, h('h3', null, () => t(name)), parts);

/** @template T @param {string} path @param {() => Record<string, any>} query */
function reading(path, query) {
  const found = signal(/** @type {T | 'failed' | null} */ (null));
  let turn = 0;
  const read = () => {
    const mine = ++turn;
    void get(path, query()).then((answer) => mine === turn && (found.value = answer), () => mine === turn && (found.value = 'failed'));
  };
  const waiting = () => (found.value === null ? skeleton() : found.value === 'failed' ? message('view_failed', read) : null);
  return { found, read, waiting };
}

/** @param {State} state */
function routes(state) {
  const items = computed(() => (state.metrics.value && state.metrics.value !== 'failed' ? state.metrics.value.routes : []));
  const time = (/** @type {'p50_ms' | 'p95_ms' | 'p99_ms' | 'max_ms'} */ name) => (/** @type {Route} */ one) => orDash(one[name], ms);
  return part('routes', h('p', { class: 'muted', hidden: () => items.value.length > 0 }, () => t('no_data')), h('div', { hidden: () => !items.value.length }, table({
    caption: () => t('routes'), items: () => items.value, key: (one) => `${one.method} ${one.route}`, columns: [
      { label: () => t('route'), cell: (one) => h('code', null, one.method ? `${one.method} ${one.route}` : t('other_routes')) },
      { label: () => t('line_requests'), end: true, cell: (one) => fmt.number(one.requests) },
      { label: () => t('line_errors'), end: true, hide: 'narrow', cell: (one) => fmt.number(one.errors) },
      { label: 'p50', end: true, hide: 'narrow', cell: time('p50_ms') }, { label: 'p95', end: true, cell: time('p95_ms') },
      { label: 'p99', end: true, hide: 'narrow', cell: time('p99_ms') }, { label: () => t('longest'), end: true, hide: 'narrow', cell: time('max_ms') },
    ],
  })));
}

function caches() {
  const { found, read, waiting } = /** @type {ReturnType<typeof reading<Caches>>} */ (reading('/api/observability/cache/status', () => ({})));
  read();
  const items = () => (found.value && found.value !== 'failed' ? found.value.domains : []);
  return part('caches', waiting, h('div', { hidden: () => !items().length }, table({
    caption: () => t('caches'), items, key: (one) => one.domain, columns: [
      { label: () => t('domain'), cell: (one) => domain(one.domain) }, { label: () => t('line_cache'), end: true, cell: (one) => orDash(one.hit_rate, share) },
      { label: () => t('hits'), end: true, hide: 'narrow', cell: (one) => fmt.number(one.hits) }, { label: () => t('misses'), end: true, hide: 'narrow', cell: (one) => fmt.number(one.misses) },
      { label: () => t('entries'), end: true, cell: (one) => fmt.number(one.entries) }, { label: () => t('bytes'), end: true, hide: 'narrow', cell: (one) => orDash(one.bytes, size) },
      { label: () => t('bound'), end: true, hide: 'medium', cell: (one) => orDash(one.bound_bytes, size) },
    ],
  })));
}

/** @param {string} name */
function domain(name) {
  const key = /** @type {any} */ (`domain_${name}`);
  const text = t(key);
  return text === key ? name : text;
}

function logs() {
  const level = signal('info');
  const category = signal('');
  const { found, read, waiting } = /** @type {ReturnType<typeof reading<{ items: Line[] }>>} */ (reading('/api/observability/logs', () => ({ level: level.value, category: category.value, limit: 100 })));
  effect(read);
  const items = computed(() => (found.value && found.value !== 'failed' ? found.value.items : []));
  return part('logs', h('div', { class: 'health-filters' },
    field({ name: 'level', type: 'select', label: () => t('level'), quiet: true, value: 'info', options: LEVELS.map((value) => ({ value, label: () => t(`level_${value}`) })), onInput: (value) => (level.value = value) }),
    field({ name: 'category', type: 'select', label: () => t('category'), quiet: true, emptyOption: () => t('category_all'), options: CATEGORIES.map((value) => ({ value, label: () => t(`category_${value}`) })), onInput: (value) => (category.value = value ?? '') }),
    button({ label: () => t('read_again'), icon: 'refresh', onClick: read })), waiting,
  h('p', { class: 'muted', role: 'status' }, () => (found.value && found.value !== 'failed' && !items.value.length ? t('no_lines') : '')),
  h('ol', { class: 'health-lines', tabindex: '0', 'aria-label': () => t('logs'), hidden: () => !items.value.length }, () => items.value.map(lineOf)));
}

/** @param {Line} line */
const lineOf = (line) => h('li', null, h('span', { class: 'muted' }, `${fmt.date(line.at).slice(0, 5)} ${fmt.time(line.at)}`), h('span', { class: `badge ${TONES[line.level] ?? ''}` }, line.level),
  h('span', null, h('b', null, line.message), ' ', h('span', { class: 'muted' }, Object.entries(line.fields).map(([name, value]) => `${name}=${String(value)}`).join(' '))));

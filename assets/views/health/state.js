// What the page knows of the system: read again while it is looked at, and at once when an alert is told.
import { onDispose, signal } from '../../kernel/signal.js';
import { ApiError, get } from '../../api/client.js';
import { onAlert, onResync } from '../../api/events.js';

/** @typedef {import('../../types/api.js').Health} Health */
/** @typedef {import('../../types/api.js').Status3} Status */
/** @typedef {import('../../types/api.js').AlertState} Alert */
/** @typedef {import('../../types/api.js').Metrics} Metrics */
/** @typedef {Metrics['points'][number]} Point */
/** @typedef {import('../../types/api.js').Span2} Span */

const NOW_MS = 10_000;
const METRICS_MS = 60_000;

/** An unhealthy server answers 503 with the same body. @returns {Promise<Health | null>} */
async function readHealth() {
  try {
    return await get('/api/observability/health');
  } catch (error) {
    const body = error instanceof ApiError ? /** @type {any} */ (error.problem) : null;
    return body?.checks !== undefined ? body : null;
  }
}

export function createState() {
  const health = signal(/** @type {Health | null | undefined} */ (undefined));
  const status = signal(/** @type {Status | null} */ (null));
  const alerts = signal(/** @type {Alert[] | null} */ (null));
  const metrics = signal(/** @type {Metrics | 'failed' | null} */ (null));
  const span = signal(/** @type {Span} */ ('hour'));
  const at = signal(0);
  let turn = 0;

  async function look() {
    const [one, two, three] = await Promise.allSettled([readHealth(), get('/api/observability/status'), get('/api/observability/alerts')]);
    health.value = one.status === 'fulfilled' ? one.value : null;
    // What cannot be read now stays as it was: the sentence above says that it could not be checked.
    if (two.status === 'fulfilled') status.value = two.value;
    if (three.status === 'fulfilled') alerts.value = three.value.items;
    at.value = Date.now();
  }
  async function measure() {
    const mine = ++turn;
    try {
      const answer = await get('/api/observability/metrics', { span: span.peek() });
      if (mine === turn) metrics.value = answer;
    } catch {
      if (mine === turn && metrics.peek() === null) metrics.value = 'failed';
    }
  }
  const again = () => void Promise.all([look(), measure()]);
  /** @param {Span} next */
  function choose(next) {
    span.value = next;
    metrics.value = null;
    void measure();
  }
  again();
  const timers = [setInterval(() => void look(), NOW_MS), setInterval(() => void measure(), METRICS_MS)];
  onDispose(() => timers.forEach(clearInterval));
  onDispose(onAlert(() => void look()));
  onDispose(onResync(again));
  return { health, status, alerts, metrics, span, at, look, again, choose, measure: () => void measure() };
}
/** @typedef {ReturnType<typeof createState>} State */

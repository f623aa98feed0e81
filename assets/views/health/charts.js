// The charts: nine questions an owner asks of the last hour, day or month, each with what it says in a sentence.
import { h } from '../../kernel/dom.js';
import { batch, effect, signal } from '../../kernel/signal.js';
import { segments } from '../../ui/button.js';
import { chart } from '../../ui/chart.js';
import { empty } from '../../ui/empty.js';
import { skeleton } from '../../ui/skeleton.js';
import { message } from '../../shell/message.js';
import { age, count, ms, share, size, t } from './words.js';

/** @typedef {import('./state.js').Point} Point */
/** @typedef {import('./state.js').Span} Span */

/** @type {Span[]} */
const SPANS = ['hour', 'day', 'month'];

/** @param {import('./state.js').State} state */
export function charts(state) {
  // The charts stay when the minute is read again; only another stretch, or none at all, makes them anew.
  const points = signal(/** @type {readonly Point[]} */ ([]));
  const step = signal(60);
  const phase = signal(/** @type {'loading' | 'failed' | 'empty' | 'ready'} */ ('loading'));
  const made = () => [requests, times, errors, people, cache, writer, disk, memory, backups].map((make) => make(() => points.value, () => step.value));
  const box = h('div', { class: 'health-charts' }, () => {
    if (phase.value === 'loading') return skeleton({ lines: 6 });
    if (phase.value === 'failed') return message('view_failed', state.measure);
    return phase.value === 'empty' ? empty({ icon: 'clock', title: () => t('no_points'), text: () => t('no_points_text'), level: 3 }) : made();
  });
  follow(state, points, step, phase);
  return h('section', { 'aria-labelledby': 'health-charts', class: 'health-section' },
    h('div', { class: 'health-section-head' }, h('h2', { id: 'health-charts' }, () => t('charts')),
      segments({ label: () => t('span'), value: () => state.span.value, onChange: state.choose, options: SPANS.map((value) => ({ value, label: () => t(`span_${value}`) })) })), box);
}

/** @param {import('./state.js').State} state @param {import('../../kernel/signal.js').Signal<readonly Point[]>} points @param {import('../../kernel/signal.js').Signal<number>} step @param {import('../../kernel/signal.js').Signal<'loading' | 'failed' | 'empty' | 'ready'>} phase */
function follow(state, points, step, phase) {
  effect(() => {
    const now = state.metrics.value;
    batch(() => {
      if (now && now !== 'failed') [points.value, step.value] = [now.points, now.step_s];
      phase.value = now === null ? 'loading' : now === 'failed' ? 'failed' : now.points.length ? 'ready' : 'empty';
    });
  });
}

/** @param {(point: Point) => number | null} of @param {readonly Point[]} points */
const figures = (of, points) => points.map(of).filter((value) => value !== null);
/** @param {number[]} values */
const sum = (values) => values.reduce((all, one) => all + one, 0);
/** @param {(point: Point) => number | null} of @param {readonly Point[]} points */
const highest = (of, points) => Math.max(0, ...figures(of, points));

/** @typedef {(points: () => readonly Point[], step: () => number) => HTMLElement} Make */

/** @param {Point} point */
const perMinute = ({ requests: all, seconds }) => (seconds > 0 ? (all * 60) / seconds : null);

/** @type {Make} */
const requests = (points, step) => chart({
  title: () => t('chart_requests'), points, step, format: count, lines: [{ label: () => t('line_requests'), tone: 'accent', value: perMinute }],
  text: (all) => t('says_requests', { count: sum(all.map((one) => one.requests)), most: count(highest(perMinute, all)) }),
});

/** @type {Make} */
const times = (points, step) => chart({
  title: () => t('chart_times'), points, step, format: ms, lines: [
    { label: () => t('line_p50'), tone: 'accent', value: (one) => one.p50_ms }, { label: () => t('line_p95'), tone: 'info', value: (one) => one.p95_ms }, { label: () => t('line_p99'), tone: 'warn', value: (one) => one.p99_ms }],
  text: (all) => t('says_times', { most: ms(highest((one) => one.p95_ms, all)) }),
});

/** @type {Make} */
const errors = (points, step) => chart({
  title: () => t('chart_errors'), points, step, format: count, lines: [{ label: () => t('line_errors'), tone: 'bad', value: (one) => one.errors }],
  text: (all) => (sum(all.map((one) => one.errors)) ? t('says_errors', { count: sum(all.map((one) => one.errors)) }) : t('says_no_errors')),
});

/** @type {Make} */
const people = (points, step) => chart({
  title: () => t('chart_people'), points, step, format: count, lines: [{ label: () => t('line_people'), tone: 'accent', value: (one) => one.people }],
  text: (all) => t('says_people', { count: highest((one) => one.people, all) }),
});

/** @type {Make} */
const cache = (points, step) => chart({
  title: () => t('chart_cache'), points, step, format: share, top: 1, lines: [{ label: () => t('line_cache'), tone: 'accent', value: (one) => one.cache_hit_rate }],
  text: (all) => {
    const rates = figures((one) => one.cache_hit_rate, all);
    return rates.length ? t('says_cache', { least: share(Math.min(...rates)), most: share(Math.max(...rates)) }) : t('no_data');
  },
});

/** @type {Make} */
const writer = (points, step) => chart({
  title: () => t('chart_writer'), points, step, format: ms, lines: [{ label: () => t('line_commit'), tone: 'accent', value: (one) => one.commit_p95_ms }],
  text: (all) => {
    const waiting = highest((one) => one.writer_waiting, all);
    return waiting ? t('says_writer', { count: waiting }) : t('says_no_writer');
  },
});

/** @type {Make} */
const disk = (points, step) => chart({
  title: () => t('chart_disk'), points, step, format: size, lines: [{ label: () => t('line_disk'), tone: 'accent', value: (one) => one.disk_free_bytes }],
  text: (all) => {
    const free = figures((one) => one.disk_free_bytes, all);
    return free.length ? t('says_disk', { least: size(Math.min(...free)) }) : t('disk_unknown');
  },
});

/** @type {Make} */
const memory = (points, step) => chart({
  title: () => t('chart_memory'), points, step, format: size, lines: [{ label: () => t('line_memory'), tone: 'accent', value: (one) => one.memory_bytes }],
  text: (all) => (figures((one) => one.memory_bytes, all).length ? t('says_memory', { most: size(highest((one) => one.memory_bytes, all)) }) : t('no_data')),
});

/** @type {Make} */
const backups = (points, step) => chart({
  title: () => t('chart_backups'), points, step, format: age, lines: [{ label: () => t('line_backups'), tone: 'accent', value: (one) => one.backup_age_s }],
  text: (all) => (figures((one) => one.backup_age_s, all).length ? t('says_backups', { most: age(highest((one) => one.backup_age_s, all)) }) : t('backups_unknown')),
});

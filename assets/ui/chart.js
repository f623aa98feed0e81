// Small line charts in SVG: few ticks, gaps where nothing was measured, a readout by pointer and by keyboard, a table behind.
import { h, replace } from '../kernel/dom.js';
import { effect, onDispose, signal } from '../kernel/signal.js';
import { area, dayOf, fmt, instantOf } from '../i18n/index.js';

const t = await area('health');

/** @typedef {string | (() => string)} Words */
/** A line: where its figure is in a point, and null where there is none. @template P @typedef {{ label: Words, tone: 'accent' | 'info' | 'warn' | 'bad', value: (point: P) => number | null }} Line */
/**
 * @template P @typedef {object} ChartOptions
 * @property {Words} title @property {(points: readonly P[]) => string} text what it says, in a sentence
 * @property {Line<P>[]} lines no more than four
 * @property {() => readonly P[]} points oldest first @property {() => number} step seconds from point to point
 * @property {(value: number) => string} format with its unit
 * @property {number} [top] where the axis always ends; else it ends above the highest figure
 */

const HEIGHT = 148;
const LEFT = 64;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 22;
const MINUTE = 60000;
const DAY = 1440;
/** Minutes from one mark of the time axis to the next. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, DAY, 2 * DAY, 5 * DAY, 7 * DAY];
/** A chart of a program that has just started is this many steps wide all the same. */
const LEAST_STEPS = 10;

/** @template {{ at: string }} P @param {ChartOptions<P>} options */
export function chart(options) {
  const { title, text, lines, points, format } = options;
  const width = signal(480);
  const chosen = signal(/** @type {number | null} */ (null));
  const at = () => Math.min(chosen.value ?? Infinity, points().length - 1);
  const spoken = () => (points()[at()] ? `${moment(points()[at()].at)}: ${lines.map((line) => `${say(line.label)} ${shown(line, points()[at()], format)}`).join(', ')}` : t('no_data'));
  const picture = h('svg', { class: 'chart-picture', height: HEIGHT, width: '100%', 'aria-hidden': 'true' });
  const plot = h('div', {
    class: 'chart-plot', tabindex: '0', role: 'slider', 'aria-label': () => t('chart_moment', { title: say(title) }), 'aria-valuemin': 0,
    'aria-valuemax': () => Math.max(0, points().length - 1), 'aria-valuenow': () => Math.max(0, at()), 'aria-valuetext': spoken,
    onKeydown: (/** @type {KeyboardEvent} */ event) => move(event, points().length, at(), chosen),
    onPointermove: (/** @type {PointerEvent} */ event) => (chosen.value = nearest(points(), scales(options, width.peek()), event.clientX - plot.getBoundingClientRect().left)),
    onPointerleave: () => (chosen.value = null), onBlur: () => (chosen.value = null),
  }, picture);
  const watch = new ResizeObserver(([entry]) => (width.value = Math.round(entry.contentRect.width)));
  watch.observe(plot);
  onDispose(() => watch.disconnect());
  effect(() => draw(picture, options, width.value, chosen.value === null ? null : at()));
  return h('figure', { class: 'chart card' }, h('figcaption', null, h('h3', null, title), h('p', { class: 'muted' }, () => text(points()))),
    plot, h('p', { class: 'chart-readout', 'aria-hidden': 'true' }, () => readout(lines, points()[at()], format)), behind(options));
}

/** @param {Words} words */
const say = (words) => (typeof words === 'function' ? words() : words);

/** @param {string} at */
const moment = (at) => (dayOf(at) === dayOf() ? fmt.time(at) : fmt.dateTime(at));

/** @template P @param {Line<P>} line @param {P} point @param {(value: number) => string} format */
function shown(line, point, format) {
  const value = line.value(point);
  return value === null ? '–' : format(value);
}

/** The words of each line beside its figure: of the moment pointed at, else of the last one. @template {{ at: string }} P @param {Line<P>[]} lines @param {P | undefined} point @param {(value: number) => string} format */
function readout(lines, point, format) {
  if (!point) return t('no_data');
  return [h('span', { class: 'chart-when' }, moment(point.at)), lines.map((line, index) => h('span', { class: `chart-key tone-${line.tone} line-${index}` },
    h('svg', { width: 18, height: 8 }, h('line', { class: 'chart-line', x1: 1, x2: 17, y1: 4, y2: 4 })), h('span', null, say(line.label)), h('b', null, shown(line, point, format))))];
}

/** @param {KeyboardEvent} event @param {number} count @param {number} at @param {import('../kernel/signal.js').Signal<number | null>} chosen */
function move(event, count, at, chosen) {
  const moves = /** @type {Record<string, number>} */ ({ ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - 10, PageUp: at + 10, Home: 0, End: count - 1 });
  if (!(event.key in moves) || !count) return;
  event.preventDefault();
  chosen.value = Math.max(0, Math.min(count - 1, moves[event.key]));
}

/** @template {{ at: string }} P @param {readonly P[]} points @param {Scales} scale @param {number} x */
function nearest(points, scale, x) {
  let best = /** @type {number | null} */ (null);
  let least = Infinity;
  points.forEach((point, index) => {
    const far = Math.abs(scale.x(Date.parse(point.at)) - x);
    if (far < least) [best, least] = [index, far];
  });
  return best;
}

/** @typedef {{ from: number, to: number, most: number, x: (time: number) => number, y: (value: number) => number }} Scales */

/** @template {{ at: string }} P @param {ChartOptions<P>} options @param {number} width @returns {Scales} */
function scales({ points, lines, step, top }, width) {
  const times = points().map((point) => Date.parse(point.at));
  const to = times.at(-1) ?? Date.now();
  const from = Math.min(times[0] ?? to, to - LEAST_STEPS * step() * 1000);
  const highest = Math.max(0, ...points().flatMap((point) => lines.map((line) => line.value(point) ?? 0)));
  const most = top ?? round(highest);
  return {
    from, to, most, x: (time) => LEFT + ((time - from) / (to - from)) * (width - LEFT - RIGHT),
    y: (value) => TOP + (1 - Math.min(1, value / most)) * (HEIGHT - TOP - BOTTOM),
  };
}

/** The next round figure that halves into a round one. @param {number} value */
function round(value) {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return (([1, 2, 4, 6, 8, 10].find((one) => one * unit >= value) ?? 10) * unit);
}

/** @template {{ at: string }} P @param {Element} picture @param {ChartOptions<P>} options @param {number} width @param {number | null} at */
function draw(picture, options, width, at) {
  const scale = scales(options, width);
  const point = at === null ? undefined : options.points()[at];
  replace(picture, axes(scale, width, options.format), options.lines.map((line, index) => lineOf(options, line, index, scale)), point && mark(options, point, scale));
}

/** @param {Scales} scale @param {number} width @param {(value: number) => string} format */
function axes(scale, width, format) {
  const rows = [0, scale.most / 2, scale.most].map((value) => h('g', null,
    h('line', { class: 'chart-grid', x1: LEFT, x2: width - RIGHT, y1: scale.y(value), y2: scale.y(value) }),
    h('text', { class: 'chart-tick', x: LEFT - 8, y: scale.y(value) + 4, 'text-anchor': 'end' }, format(value))));
  const minutes = STEPS.find((one) => (scale.to - scale.from) / MINUTE / one <= Math.max(2, (width - LEFT) / 92)) ?? 7 * DAY;
  const times = [];
  // From the clinic's midnight on, so that the marks are whole hours and days there.
  for (let time = Date.parse(instantOf(dayOf(scale.from), 0)); time <= scale.to; time += minutes * MINUTE) if (time >= scale.from) times.push(time);
  return [rows, times.map((time) => h('text', { class: 'chart-tick', x: Math.max(LEFT + 14, Math.min(width - RIGHT - 14, scale.x(time))), y: HEIGHT - 6, 'text-anchor': 'middle' }, minutes < DAY ? fmt.time(time) : fmt.date(time).slice(0, 5)))];
}

/** @template {{ at: string }} P @param {ChartOptions<P>} options @param {Line<P>} line @param {number} index @param {Scales} scale */
function lineOf({ points, lines, step }, line, index, scale) {
  const stretches = stretched(points(), line, step() * 1500).map((stretch) => stretch.map(([time, value]) => `${scale.x(time).toFixed(1)} ${scale.y(value).toFixed(1)}`));
  // A lone point is a line of no length, which its round ends make a dot.
  const path = stretches.map((stretch) => `M${stretch.join('L')}${stretch.length === 1 ? 'h0.01' : ''}`).join('');
  const floor = scale.y(0).toFixed(1);
  const ground = stretches.map((stretch) => `M${stretch[0].split(' ')[0]} ${floor}L${stretch.join('L')}L${stretch[stretch.length - 1].split(' ')[0]} ${floor}Z`).join('');
  return h('g', { class: `tone-${line.tone} line-${index}` }, lines.length === 1 && h('path', { class: 'chart-ground', d: ground }), h('path', { class: 'chart-line', d: path }));
}

/** Cut where a figure is missing or time was skipped. @template {{ at: string }} P @param {readonly P[]} points @param {Line<P>} line @param {number} longest @returns {[number, number][][]} */
function stretched(points, line, longest) {
  const stretches = /** @type {[number, number][][]} */ ([]);
  let before = -Infinity;
  for (const point of points) {
    const value = line.value(point);
    const time = Date.parse(point.at);
    if (value === null) before = -Infinity;
    else {
      if (time - before > longest) stretches.push([]);
      stretches[stretches.length - 1].push([time, value]);
      before = time;
    }
  }
  return stretches;
}

/** @template {{ at: string }} P @param {ChartOptions<P>} options @param {P} point @param {Scales} scale */
function mark({ lines }, point, scale) {
  const x = scale.x(Date.parse(point.at));
  return [h('line', { class: 'chart-mark', x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }), lines.map((line) => {
    const value = line.value(point);
    return value !== null && h('g', { class: `tone-${line.tone}` }, h('circle', { class: 'chart-dot', cx: x, cy: scale.y(value), r: 4 }));
  })];
}

/** The figures as a table, newest first, made when it is opened. @template {{ at: string }} P @param {ChartOptions<P>} options */
function behind({ title, lines, points, format }) {
  const open = signal(false);
  const node = h('details', { class: 'chart-behind' }, h('summary', null, () => t('chart_table'), h('span', { class: 'visually-hidden' }, () => `: ${say(title)}`)),
    () => open.value && h('div', { class: 'table-box', tabindex: '0', role: 'region', 'aria-label': () => t('chart_table_of', { title: say(title) }) }, h('table', { class: 'table' },
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, () => t('chart_when')), lines.map((line) => h('th', { scope: 'col', class: 'end' }, line.label)))),
      h('tbody', null, () => [...points()].reverse().map((point) => h('tr', null, h('th', { scope: 'row' }, fmt.dateTime(point.at)), lines.map((line) => h('td', { class: 'end' }, shown(line, point, format)))))))));
  node.addEventListener('toggle', () => (open.value = node.open));
  return node;
}

// The geometry of the agenda: side-by-side lanes, free stretches, and whether a time may be taken. Pure.

/**
 * @typedef {{start: number, end: number}} Span minutes of the day
 * @typedef {Span & {kind: string, reason?: string}} Stretch
 * @typedef {{lane: number, lanes: number}} Place
 */

/**
 * Side-by-side lanes for what overlaps; everything in one touching group shares its width.
 * @template {Span} T
 * @param {T[]} items sorted by start
 * @param {number} least shortest height in minutes that is drawn, so that short ones do not cover each other
 * @returns {Map<T, Place>}
 */
export function packLanes(items, least = 0) {
  /** @type {Map<T, Place>} */
  const places = new Map();
  /** @type {number[]} */
  let ends = [];
  /** @type {T[]} */
  let group = [];
  let groupEnd = -1;
  const close = () => {
    for (const item of group) /** @type {Place} */ (places.get(item)).lanes = ends.length;
    ends = [];
    group = [];
  };
  for (const item of items) {
    if (item.start >= groupEnd) close();
    const end = Math.max(item.end, item.start + least);
    let lane = ends.findIndex((taken) => taken <= item.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = end;
    places.set(item, { lane, lanes: 1 });
    group.push(item);
    groupEnd = group.length === 1 ? end : Math.max(groupEnd, end);
  }
  close();
  return places;
}

/**
 * What is left of the open stretches once the taken spans are cut out.
 * @param {Span[]} open @param {Span[]} taken sorted by start @returns {Span[]}
 */
export function freeStretches(open, taken) {
  /** @type {Span[]} */
  const free = [];
  for (const stretch of open) {
    let from = stretch.start;
    for (const busy of taken) {
      if (busy.end <= from) continue;
      if (busy.start >= stretch.end) break;
      if (busy.start > from) free.push({ start: from, end: busy.start });
      from = Math.max(from, busy.end);
    }
    if (from < stretch.end) free.push({ start: from, end: stretch.end });
  }
  return free;
}

/**
 * Bookable slots of the free stretches: they start on the clinic's slot grid, and a remainder too short to press joins its neighbour.
 * @param {Span[]} free @param {number} slot @param {number} least
 */
export function slotsOf(free, slot, least = 15) {
  /** @type {Span[]} */
  const slots = [];
  for (const stretch of free) {
    let from = stretch.start;
    while (from < stretch.end) {
      let to = Math.floor(from / slot) * slot + slot;
      if (to - from < least) to += slot;
      if (stretch.end - to < least) to = stretch.end;
      to = Math.min(to, stretch.end);
      if (to - from >= 5) slots.push({ start: from, end: to });
      from = to;
    }
  }
  return slots;
}

/**
 * Is this span of one professional's day free, and if not, what is in the way?
 * @param {Span} span
 * @param {Stretch[]} stretches @param {(Span & {name?: string})[]} taken
 * @returns {{ok: true} | {ok: false, why: string, reason?: string, name?: string}}
 */
export function checkSpan(span, stretches, taken) {
  const busy = taken.find((item) => item.start < span.end && item.end > span.start);
  if (busy) return { ok: false, why: 'taken', name: busy.name };
  const shut = stretches.find((item) => item.kind !== 'open' && item.start < span.end && item.end > span.start);
  if (shut) return { ok: false, why: shut.kind, reason: shut.reason };
  const open = stretches.filter((item) => item.kind === 'open' && item.start < span.end && item.end > span.start)
    .reduce((sum, item) => sum + Math.min(item.end, span.end) - Math.max(item.start, span.start), 0);
  return open >= span.end - span.start ? { ok: true } : { ok: false, why: 'closed' };
}

/** The first free start at or after a minute that holds a duration. @param {Span[]} free @param {number} from @param {number} duration @param {number} slot */
export function nextFree(free, from, duration, slot) {
  for (const stretch of free) {
    const start = stretch.start >= from ? stretch.start : Math.ceil(from / slot) * slot;
    if (start >= stretch.start && start + duration <= stretch.end) return start;
  }
  return null;
}

/**
 * First and last minute to draw: the clinic's day, widened by whatever lies outside it, in whole hours.
 * @param {Span[]} spans @param {Span} fallback @returns {Span}
 */
export function dayBounds(spans, fallback) {
  let start = Infinity;
  let end = -Infinity;
  for (const span of spans) {
    if (span.start < start) start = span.start;
    if (span.end > end) end = span.end;
  }
  if (!(start < end)) return fallback;
  return { start: Math.max(0, Math.floor(start / 60) * 60), end: Math.min(1440, Math.ceil(end / 60) * 60) };
}

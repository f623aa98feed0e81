// May a time be taken, and where is the next one: asked by dragging, booking and moving. Pure.

/** @typedef {import('./model.js').Span} Span */
/** @typedef {import('./model.js').Stretch} Stretch */
/** @typedef {import('./model.js').Column} Column */

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

/** May this span of a column be taken, the appointment `except` aside? @param {Column} column @param {Span} span @param {number} [except] */
export function checkColumn(column, span, except) {
  return checkSpan(span, column.stretches, column.taken.filter((item) => item.a.id !== except));
}

/** @param {number} value @param {number} step */
export const snap = (value, step) => Math.round(value / step) * step;

// The life of an appointment: which steps exist, which one comes next, how each is drawn. Pure.

/** @typedef {'requested'|'booked'|'confirmed'|'arrived'|'in_care'|'done'|'no_show'|'left'|'cancelled_by_patient'|'cancelled_by_clinic'} Status */

/** @type {Record<Status, Status[]>} */
const STEPS = {
  requested: ['booked', 'cancelled_by_patient', 'cancelled_by_clinic'],
  booked: ['confirmed', 'arrived', 'no_show', 'cancelled_by_patient', 'cancelled_by_clinic'],
  confirmed: ['arrived', 'booked', 'no_show', 'cancelled_by_patient', 'cancelled_by_clinic'],
  arrived: ['in_care', 'left', 'confirmed', 'booked'],
  in_care: ['done', 'left', 'arrived'],
  done: ['in_care'],
  no_show: ['arrived', 'booked', 'confirmed'],
  left: ['arrived', 'in_care'],
  cancelled_by_patient: ['booked'],
  cancelled_by_clinic: ['booked'],
};

/** The step a desk takes most often from each state. @type {Partial<Record<Status, Status>>} */
const NEXT = { requested: 'booked', booked: 'arrived', confirmed: 'arrived', arrived: 'in_care', in_care: 'done' };

const HOLDING = new Set(['requested', 'booked', 'confirmed', 'arrived', 'in_care', 'done']);

/** Icon of the sprite for each status. @type {Record<Status, string>} */
export const STATUS_ICON = {
  requested: 'status-requested', booked: 'status-booked', confirmed: 'status-confirmed', arrived: 'status-arrived', in_care: 'status-in-care',
  done: 'status-done', no_show: 'status-no-show', left: 'status-left', cancelled_by_patient: 'status-cancelled', cancelled_by_clinic: 'status-cancelled',
};

/** @param {Status} status */
export const stepsFrom = (status) => STEPS[status] ?? [];

/** @param {Status} status @returns {Status | undefined} */
export const nextStep = (status) => NEXT[status];

/** Does an appointment in this state occupy its time? @param {string} status */
export const holdsTime = (status) => HOLDING.has(status);

/** @param {string} status */
export const isCancelled = (status) => status.startsWith('cancelled');

/** @param {Status} from @param {Status} to */
export const mayStep = (from, to) => stepsFrom(from).includes(to);

/**
 * The shortest legal way from one state to another; undo walks it backwards in time.
 * @param {Status} from @param {Status} to @returns {Status[] | null}
 */
export function pathBetween(from, to) {
  /** @type {Status[][]} */
  let ways = [[from]];
  for (let depth = 0; depth < 3; depth += 1) {
    /** @type {Status[][]} */
    const longer = [];
    for (const way of ways) {
      const last = way[way.length - 1];
      if (last === to) return way.slice(1);
      for (const step of stepsFrom(last)) if (!way.includes(step)) longer.push([...way, step]);
    }
    ways = longer;
  }
  const found = ways.find((way) => way[way.length - 1] === to);
  return found ? found.slice(1) : null;
}

// The life of an appointment: which steps exist and how to walk back. Pure.

/** @typedef {import('./model.js').Status} Status */

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

/** @param {Status} status */
export const stepsFrom = (status) => STEPS[status] ?? [];

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

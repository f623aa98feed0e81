// A month to pick a day from, in a popover: arrows move by day and week, PageUp and PageDown by month.
import { h, replace, uid } from '../kernel/dom.js';
import { addDays, dayOf, fmt, t, weekdayOf } from '../i18n/index.js';
import { iconButton } from './button.js';
import { hostOf, place } from './menu.js';

/** @typedef {{ value?: string | null, min?: string, max?: string, onPick: (day: string) => void }} CalendarOptions */

/** @param {HTMLElement} anchor @param {CalendarOptions} options */
export function calendarPopover(anchor, options) {
  let focus = options.value ?? dayOf();
  const titleId = uid('cal');
  const pop = h('div', { class: 'menu calendar', popover: 'auto', role: 'dialog', 'aria-labelledby': titleId });
  const close = () => {
    if (!pop.isConnected) return;
    pop.hidePopover();
  };
  const pick = (/** @type {string} */ day) => {
    close();
    options.onPick(day);
  };
  /** @param {string} day */
  const show = (day) => {
    focus = clampDay(day, options);
    replace(pop, head(titleId, focus, show), month(focus, options, pick));
    const button = pop.querySelector('button[tabindex="0"]');
    if (button instanceof HTMLElement) button.focus();
  };
  pop.addEventListener('keydown', (event) => {
    const next = moved(event.key, focus);
    if (!next || !(event.target instanceof HTMLElement) || !event.target.closest('table')) return;
    event.preventDefault();
    event.stopPropagation();
    show(next);
  });
  pop.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'closed') return;
    const inside = pop.contains(document.activeElement) || document.activeElement === document.body;
    pop.remove();
    if (inside) anchor.focus();
  });
  hostOf(anchor).append(pop);
  pop.showPopover();
  show(focus);
  place(anchor, pop, 'end');
}

/** @param {string} day @param {CalendarOptions} options */
function clampDay(day, { min, max }) {
  if (min && day < min) return min;
  return max && day > max ? max : day;
}

/** The same day of another month, or its last. @param {string} day @param {number} months */
export function addMonths(day, months) {
  const first = new Date(day.slice(0, 7) + '-01T00:00:00Z');
  first.setUTCMonth(first.getUTCMonth() + months);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return first.toISOString().slice(0, 8) + String(Math.min(last, Number(day.slice(8)))).padStart(2, '0');
}

/** @param {string} key @param {string} day @returns {string | null} */
function moved(key, day) {
  const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: 1 - weekdayOf(day), End: 7 - weekdayOf(day) });
  if (key in steps) return addDays(day, steps[key]);
  if (key === 'PageUp') return addMonths(day, -1);
  return key === 'PageDown' ? addMonths(day, 1) : null;
}

/** @param {string} titleId @param {string} focus @param {(day: string) => void} show */
function head(titleId, focus, show) {
  const name = fmt.longDate(focus).replace(/^\d+\s+(de\s+)?/, '');
  return h('div', { class: 'calendar-head' },
    iconButton({ icon: 'left', label: t('previous_month'), small: true, onClick: () => show(addMonths(focus, -1)) }),
    h('strong', { id: titleId, 'aria-live': 'polite' }, name.charAt(0).toUpperCase() + name.slice(1)),
    iconButton({ icon: 'right', label: t('next_month'), small: true, onClick: () => show(addMonths(focus, 1)) }));
}

/** @param {string} focus @param {CalendarOptions} options @param {(day: string) => void} pick */
function month(focus, options, pick) {
  const first = focus.slice(0, 8) + '01';
  const start = addDays(first, 1 - weekdayOf(first));
  const today = dayOf();
  const weeks = Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (__, day) => addDays(start, week * 7 + day)))
    .filter((week) => week.some((day) => day.startsWith(focus.slice(0, 7))));
  const cell = (/** @type {string} */ day) => h('td', null, h('button', {
    type: 'button', class: day.startsWith(focus.slice(0, 7)) ? undefined : 'out', tabindex: day === focus ? '0' : '-1', 'aria-label': fmt.weekdayDate(day),
    'aria-current': day === today ? 'date' : undefined, 'aria-pressed': day === options.value ? 'true' : 'false',
    disabled: clampDay(day, options) !== day, onClick: () => pick(day),
  }, String(Number(day.slice(8)))));
  return h('table', null, h('thead', null, h('tr', null, [1, 2, 3, 4, 5, 6, 7].map((day) => h('th', { scope: 'col', abbr: fmt.weekday(day) }, fmt.weekday(day, 'short').slice(0, 3))))),
    h('tbody', null, weeks.map((week) => h('tr', null, week.map(cell)))));
}

// Opening hours and the break of each weekday, the slot, and whether the clinic opens on national holidays.
import { h } from '../../kernel/dom.js';
import { signal } from '../../kernel/signal.js';
import { ApiError, clinicPath, get, patch } from '../../api/client.js';
import { area, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { checkbox, field, fieldsIn } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { timeField } from '../../ui/time-field.js';
import { announce, toast } from '../../ui/toast.js';
import { holidaysBox } from './holidays.js';
import { guarded, loaded } from './section.js';

const t = await area('settings');
const DAYS = [1, 2, 3, 4, 5, 6, 7];
/** On a phone there is no heading over the times, so each says what it is. */
const CAPTIONS = /** @type {const} */ ({ opens_on: 'opens', closes_on: 'closes', lunch_from_on: 'lunch_starts', lunch_to_on: 'lunch_ends' });
const SLOTS = [10, 15, 20, 30, 40, 45, 50, 60];

/** @typedef {{ weekday: number, opens: number, closes: number, lunch_from: number | null, lunch_to: number | null }} Hours */

export const section = () => [h('p', { class: 'muted' }, () => t('hours_sub')), loaded(() => get(clinicPath()), content)];

/** @param {any} clinic @param {() => void} again */
function content(clinic, again) {
  let { version } = clinic;
  const days = new Map(DAYS.map((day) => [day, dayState(clinic.opening_hours.find((/** @type {Hours} */ one) => one.weekday === day))]));
  const filling = guarded(form({
    label: () => t('hours'), check: (values) => checkDays(values),
    body: [
      h('div', { class: 'settings-card' }, h('div', { class: 'week' }, weekHead(), DAYS.map((day) => dayRow(day, /** @type {DayState} */ (days.get(day))))),
        h('div', { class: 'week-foot' }, button({ label: () => t('copy_monday'), icon: 'copy', small: true, onClick: () => copyMonday(filling, days) }))),
      h('div', { class: 'settings-card form-box' }, h('div', { class: 'cols' },
        field({ name: 'slot_min', label: () => t('slot'), hint: () => t('slot_hint'), type: 'select', value: clinic.slot_min, options: slots(clinic.slot_min), class: 'w6' })),
        checkbox({ name: 'open_on_holidays', label: () => t('open_on_holidays'), hint: () => t('open_on_holidays_hint'), value: clinic.open_on_holidays })),
    ],
    stale: { reload: again, keep: async () => void ({ version } = await get(clinicPath())) },
    onSubmit: async (values) => {
      const { slot_min, open_on_holidays } = values;
      const saved = await patch(clinicPath(), { opening_hours: toHours(values), slot_min, open_on_holidays }, version).catch((error) => {
        throw renamed(error, toHours(values));
      });
      version = saved.version;
      toast({ text: t('hours_saved') });
    },
  }));
  return [filling.node, holidaysBox()];
}

/** @param {number} current */
const slots = (current) => [...new Set([...SLOTS, current])].sort((a, b) => a - b).map((minutes) => ({ value: minutes, label: fmt.duration(minutes) }));

/** @typedef {{ hours: Hours | undefined, open: import('../../kernel/signal.js').Signal<boolean>, lunch: import('../../kernel/signal.js').Signal<boolean> }} DayState */

/** @param {Hours | undefined} hours @returns {DayState} */
const dayState = (hours) => ({ hours, open: signal(hours !== undefined), lunch: signal((hours?.lunch_from ?? null) !== null) });

const weekHead = () => h('div', { class: 'week-row week-head', 'aria-hidden': 'true' }, h('span'), h('span', null, () => t('opens')), h('span', null, () => t('closes')));

/** @param {number} day @param {DayState} state */
function dayRow(day, { hours, open, lunch }) {
  const name = () => fmt.weekday(day);
  const time = (/** @type {string} */ key, /** @type {'opens_on' | 'closes_on' | 'lunch_from_on' | 'lunch_to_on'} */ label, /** @type {number} */ value) =>
    h('div', null, h('span', { class: 'week-caption', 'aria-hidden': 'true' }, () => t(CAPTIONS[label])), timeField({ name: `d${day}.${key}`, label: () => t(label, { day: name() }), value, step: 30, hideLabel: true }));
  return h('div', { class: () => `week-row ${open.value ? '' : 'off'}`, role: 'group', 'aria-label': name },
    checkbox({ name: `d${day}.open`, label: () => capital(name()), value: open.peek(), onInput: (on) => (open.value = on) }),
    () => (open.value ? [
      time('opens', 'opens_on', hours?.opens ?? 480), time('closes', 'closes_on', hours?.closes ?? 1080),
      named(checkbox({ name: `d${day}.lunch`, label: () => t('lunch'), value: lunch.peek(), onInput: (on) => (lunch.value = on) }), () => t('lunch_on', { day: name() })),
      () => lunch.value && [time('lunch_from', 'lunch_from_on', hours?.lunch_from ?? 720), time('lunch_to', 'lunch_to_on', hours?.lunch_to ?? 780)],
    ] : h('span', { class: 'muted week-closed' }, t('closed'))));
}

/** The visible word repeats on each row, so the box is told apart by its day. @param {HTMLElement} box @param {() => string} label */
function named(box, label) {
  box.querySelector('input')?.setAttribute('aria-label', label());
  box.classList.add('week-lunch');
  return box;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** @param {Record<string, any>} values @returns {Hours[]} */
function toHours(values) {
  return DAYS.filter((day) => values[`d${day}`].open).map((weekday) => {
    const { opens, closes, lunch_from = null, lunch_to = null } = values[`d${weekday}`];
    return { weekday, opens, closes, lunch_from, lunch_to };
  });
}

/** @param {Record<string, any>} values */
function checkDays(values) {
  return toHours(values).flatMap(({ weekday, opens, closes, lunch_from, lunch_to }) => {
    if (closes <= opens) return [{ pointer: `/d${weekday}/closes`, code: 'before_start' }];
    if (lunch_from === null || lunch_to === null) return [];
    if (lunch_to <= lunch_from) return [{ pointer: `/d${weekday}/lunch_to`, code: 'before_start' }];
    return lunch_from < opens || lunch_to > closes ? [{ pointer: `/d${weekday}/lunch_from`, code: 'out_of_range' }] : [];
  });
}

/** The server counts the open days; the fields are named by weekday. @param {unknown} error @param {Hours[]} sent */
function renamed(error, sent) {
  if (!(error instanceof ApiError) || !error.problem.errors) return error;
  for (const problem of error.problem.errors) {
    problem.pointer = problem.pointer.replace(/^\/opening_hours\/(\d+)/, (_, index) => `/d${sent[Number(index)]?.weekday ?? 1}`);
  }
  return error;
}

/** @param {import('../../ui/form.js').Form} filling @param {Map<number, DayState>} days */
function copyMonday(filling, days) {
  const monday = filling.values().d1;
  for (const day of [2, 3, 4, 5]) {
    const state = /** @type {DayState} */ (days.get(day));
    state.open.value = monday.open;
    state.lunch.value = Boolean(monday.lunch);
    for (const handle of fieldsIn(filling.node)) {
      const [row, key] = handle.name.split('.');
      if (row === `d${day}` && monday[key] !== undefined) handle.set(monday[key]);
    }
  }
  announce(t('copied_monday'));
}

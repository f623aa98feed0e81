// What stands over the columns, or in their place: the day and the way to others, the week's load, the choice of view, a closed day.
import { each, h } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { addDays, dayOf, fmt, weekdayOf } from '../../i18n/index.js';
import { button, iconButton, linkButton, segments } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { holidayWord, t } from './card.js';
import { mondayOf } from './model.js';

/** @typedef {import('./state.js').Desk} Desk */
/** @typedef {import('./model.js').Place} Place */
/** @typedef {import('./index.js').Act} Act */

/** "ter, 24 nov" @param {string} date */
export const plainDay = (date) => fmt.shortDate(date).replaceAll('.', '').replaceAll(' de ', ' ');

/** @param {Desk} desk */
export function titleOf(desk) {
  const { date, view: shown } = desk.store.at.value;
  const [from, to] = [mondayOf(date), addDays(mondayOf(date), 6)].map((day) => fmt.date(day).slice(0, 5));
  if (shown === 'week') return desk.phone.value ? `${from} – ${to}` : t('week_of', { from, to });
  return desk.phone.value ? plainDay(date) : fmt.weekdayDate(date).replace('-feira', '');
}

/** @param {Desk} desk @param {(change: Partial<Place>) => unknown} go @param {Act} act */
export function header(desk, go, act) {
  const week = () => desk.store.at.value.view === 'week';
  const step = (/** @type {number} */ by) => go({ date: addDays(desk.store.at.peek().date, by * (week() ? 7 : 1)) });
  return h('div', { class: 'ag-top' },
    iconButton({ icon: 'left', kind: 'secondary', label: () => t(week() ? 'previous_week' : 'previous_day'), key: 'K', onClick: () => void step(-1) }),
    button({ label: () => t('today'), onClick: () => void go({ date: dayOf() }), props: { class: 'button today', 'aria-keyshortcuts': 'T' } }),
    iconButton({ icon: 'right', kind: 'secondary', label: () => t(week() ? 'next_week' : 'next_day'), key: 'J', onClick: () => void step(1) }),
    h('h1', null, h('button', { type: 'button', class: 'ag-title', 'aria-keyshortcuts': 'G', title: () => `${t('go_to_date')} (G)`, onClick: () => act('askDate') }, () => titleOf(desk))));
}

/** The week of the shown day, each day with how full it is. @param {Desk} desk @param {(change: Partial<Place>) => unknown} go */
function strip(desk, go) {
  const loads = computed(() => new Map(desk.store.load.value.map((load) => [load.date, load])));
  const days = computed(() => Array.from({ length: 7 }, (_, index) => addDays(mondayOf(desk.store.at.value.date), index))
    .filter((date, index) => index < 6 || date === desk.store.at.value.date || (loads.value.get(date)?.open_min ?? 0) > 0));
  return each(h('div', { class: 'ag-strip', role: 'group', 'aria-label': () => t('strip_label') }), () => days.value, (date) => date, (item) => {
    const date = item.peek();
    const count = () => loads.value.get(date)?.count ?? 0;
    const closed = () => loads.value.get(date)?.open_min === 0;
    const share = () => Math.min(100, Math.round(((loads.value.get(date)?.booked_min ?? 0) / (loads.value.get(date)?.open_min || 1)) * 100));
    const label = () => t(closed() && !count() ? 'strip_closed' : count() === 1 ? 'strip_day_one' : 'strip_day', { date: `${short()} ${day}`, count: count(), load: share() });
    const day = String(Number(date.slice(8)));
    const short = () => fmt.weekday(weekdayOf(date), 'short').slice(0, 3).toLocaleLowerCase();
    const current = () => desk.store.at.value.date === date && desk.store.at.value.view !== 'week';
    return h('button', {
      type: 'button', 'aria-label': label, title: () => fmt.weekdayDate(date), 'aria-current': () => (current() ? 'date' : null), onClick: () => void go({ date }),
      'data-today': () => desk.now.value.date === date || null, 'data-closed': () => closed() || null,
    }, h('span', null, short, ' ', h('b', null, day)),
    h('span', { class: 'load' }, h('i', { style: { '--load': () => share() + '%' } })));
  });
}

/** Whose column a phone shows, or whose week. @param {Desk} desk @param {(change: Partial<Place>) => unknown} go */
function whoChoice(desk, go) {
  const set = (/** @type {number} */ id) => {
    desk.chosen.value = id;
    void go({ professional: id });
  };
  const shift = (/** @type {number} */ by) => {
    const list = desk.people.peek();
    const index = list.findIndex((person) => person.id === desk.who.peek()?.id);
    if (list.length) set(list[(index + by + list.length) % list.length].id);
  };
  return h('div', { class: 'ag-who' },
    iconButton({ icon: 'left', label: () => t('previous_professional'), onClick: () => shift(-1) }),
    h('select', { class: 'input', 'aria-label': () => t('professional'), onChange: (/** @type {Event} */ event) => set(Number(/** @type {HTMLSelectElement} */ (event.currentTarget).value)) },
      () => desk.people.value.map((person) => h('option', { value: String(person.id), selected: person.id === desk.who.value?.id }, person.name))),
    iconButton({ icon: 'right', label: () => t('next_professional'), onClick: () => shift(1) }));
}

/** @param {Desk} desk @param {(change: Partial<Place>) => unknown} go @param {Act} act */
export function tools(desk, go, act) {
  const shown = computed(() => desk.store.at.value.view);
  const options = iconButton({ icon: 'filter', kind: 'secondary', label: () => t('columns'), onClick: () => act('options', options), props: { 'aria-haspopup': 'menu' } });
  const aside = computed(() => (desk.wide.value ? desk.side.value : desk.sideFloat.value));
  const days = strip(desk, go);
  return h('div', { class: 'ag-tools' }, () => shown.value !== 'week' && days,
    () => (shown.value === 'week' || (shown.value === 'day' && desk.phone.value)) && whoChoice(desk, go),
    h('span', { class: 'grow' }),
    () => desk.hidden.value.size > 0 && shown.value !== 'week' && !desk.phone.value && h('span', { class: 'muted caption' }, t('hidden_count', { count: desk.hidden.value.size })),
    segments({
      label: () => t('view_choice'), value: () => shown.value, onChange: (next) => void go({ view: next }),
      options: [{ value: 'day', label: () => t('day') }, { value: 'week', label: () => t('week') }, { value: 'list', label: () => t('list') }],
    }), options,
    button({ icon: 'in-room', label: () => t('side_label'), pressed: () => aside.value, props: { class: 'button secondary aside', 'aria-label': () => t('side_label') }, onClick: () => void ((desk.wide.peek() ? desk.side : desk.sideFloat).value = !aside.peek()) }),
    () => desk.mayEdit.value && button({ label: () => t('book'), icon: 'plus', kind: 'primary', key: 'N', onClick: () => act('book'), props: { class: 'button primary book' } }));
}

/** @param {Desk} desk */
export function closedNote(desk) {
  const columns = desk.columns.value ?? [];
  const holiday = columns[0]?.holiday;
  if (holiday) return h('p', { class: 'ag-note' }, icon('flag', { size: 'small' }), t('holiday_day', { name: holidayWord(holiday.code, holiday.name) }));
  if (columns.some((column) => column.stretches.some((part) => part.kind === 'open'))) return null;
  return h('p', { class: 'ag-note' }, icon('clock', { size: 'small' }), t('closed_day'));
}

/** @param {Desk} desk @param {'none' | 'failed' | 'all_hidden'} kind */
export function stateBox(desk, kind) {
  const [name, action] = {
    none: /** @type {const} */ (['team', () => linkButton({ label: () => t('none_link'), href: '/team', icon: 'plus', kind: 'primary' })]),
    failed: /** @type {const} */ (['warning', () => button({ label: () => t('retry'), icon: 'refresh', onClick: () => void desk.store.refresh() })]),
    all_hidden: /** @type {const} */ (['eye-off', () => button({ label: () => t('columns_all'), onClick: () => void (desk.hidden.value = new Set()) })]),
  }[kind];
  return h('div', { class: 'ag-state' }, h('div', { class: 'empty' }, icon(name), h('h2', null, () => t(kind === 'all_hidden' ? kind : `${kind}_title`)), kind !== 'all_hidden' && h('p', null, () => t(`${kind}_text`)), action()));
}

// The agenda, home of the program: puts state, columns and tools together; everything a person does from here is loaded when first done.
import { each, h, loadStyle } from '../../kernel/dom.js';
import { computed, effect, onDispose, untrack } from '../../kernel/signal.js';
import { user } from '../../api/session.js';
import { addDays, dayOf, fmt, weekdayOf } from '../../i18n/index.js';
import { button, iconButton, linkButton, segments } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { initials } from '../../ui/avatar.js';
import { announce, toast } from '../../ui/toast.js';
import { registerKeys } from '../../shell/keys.js';
import { holidayWord, t } from './card.js';
import { createGrid } from './grid.js';
import { mondayOf } from './model.js';
import { createDesk } from './state.js';

await loadStyle('agenda');

/** @typedef {import('./state.js').Desk} Desk */
/** @typedef {import('./model.js').Place} Place */
/** @typedef {import('./hands.js').Hands} Hands */
/** @typedef {(name: keyof Hands, ...args: any[]) => true} Act starts one act of hands.js, loaded at the first of them */

export const keep = true;

/** @param {URLSearchParams} query @returns {Place} */
function placeOf(query) {
  const date = query.get('date') ?? '';
  const view = query.get('view');
  return { date: /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : dayOf(), view: view === 'week' || view === 'list' ? view : 'day', professional: Number(query.get('professional')) || null };
}

/** @param {Place} place */
function addressOf({ date, view, professional }) {
  const query = new URLSearchParams({ date, view });
  if (professional) query.set('professional', String(professional));
  return '/agenda?' + query;
}

/** @param {import('../../router.js').Context} ctx @returns {import('../../router.js').View} */
export function view(ctx) {
  const desk = createDesk(placeOf(ctx.query.peek()));
  const grid = createGrid();
  void desk.store.refresh();
  /** @type {Promise<Hands> | null} */
  let hands = null;
  const wake = () => (hands ??= import('./hands.js').then((module) => module.createHands({ desk, grid, go, ctx })));
  /** @type {Act} */
  const act = (name, ...args) => {
    wake().then((all) => /** @type {any} */ (all[name])(...args)).catch((/** @type {unknown} */ error) => {
      // Only the line can keep a part of the program from loading; the next press asks again.
      if (!(error instanceof TypeError)) throw error;
      hands = null;
      toast({ text: t('act_offline') });
    });
    return true;
  };

  /** @param {Partial<Place>} change */
  function go(change) {
    const before = desk.store.at.peek();
    const next = { ...before, ...change };
    if (next.view === 'week') next.professional ??= desk.who.peek()?.id ?? null;
    const done = desk.store.go(next);
    void ctx.navigate(addressOf(next), { replace: next.view === before.view });
    if (next.date !== before.date) void done.then(() => announce(t('announce_day', { date: titleOf(desk), count: (desk.columns.peek() ?? []).reduce((sum, column) => sum + column.items.length, 0) })));
    return done;
  }

  followAddress(ctx, desk, act);
  const node = h('div', { class: 'agenda', 'data-readonly': () => !desk.mayEdit.value || null }, tools(desk, go, act), body(desk, grid, act),
    () => desk.mayEdit.value && h('button', { type: 'button', class: 'button primary ag-float', onClick: () => act('book') }, icon('plus', { size: 'small' }), () => t('book')));
  drawGrid(desk, grid);
  listen(node, grid, act, wake);
  // A finger gives no sign before it presses, so its hands are fetched ahead.
  if (desk.coarse.peek()) setTimeout(() => void wake(), 1200);
  registerKeys(keyTable(desk, grid, go, act));
  const move = (/** @type {KeyboardEvent} */ event) => onMove(event, { desk, grid, act });
  document.addEventListener('keydown', move);
  onDispose(() => {
    document.removeEventListener('keydown', move);
    void hands?.then((all) => all.end());
  });
  return { title: () => titleOf(desk), header: header(desk, go, act), node };
}

/** The address is a place too: links, the palette and the back button lead here. @param {import('../../router.js').Context} ctx @param {Desk} desk @param {Act} act */
function followAddress(ctx, desk, act) {
  effect(() => {
    const query = ctx.query.value;
    untrack(() => {
      const place = placeOf(query);
      const now = desk.store.at.peek();
      if (query.has('date') && addressOf(place) !== addressOf(now)) void desk.store.go(place);
      if (!query.has('new')) return;
      act('book', { contact_id: Number(query.get('contact_id')) || undefined });
      void ctx.navigate(addressOf(desk.store.at.peek()), { replace: true });
    });
  });
}

/** "ter, 24 nov" @param {string} date */
const plainDay = (date) => fmt.shortDate(date).replaceAll('.', '').replaceAll(' de ', ' ');

/** @param {Desk} desk */
function titleOf(desk) {
  const { date, view: shown } = desk.store.at.value;
  const [from, to] = [mondayOf(date), addDays(mondayOf(date), 6)].map((day) => fmt.date(day).slice(0, 5));
  if (shown === 'week') return desk.phone.value ? `${from} – ${to}` : t('week_of', { from, to });
  return desk.phone.value ? plainDay(date) : fmt.weekdayDate(date).replace('-feira', '');
}

/** @param {Desk} desk @param {(change: Partial<Place>) => unknown} go @param {Act} act */
function header(desk, go, act) {
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
function tools(desk, go, act) {
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

/** @param {Desk} desk @param {ReturnType<typeof createGrid>} grid @param {Act} act */
function body(desk, grid, act) {
  const shown = computed(() => desk.store.at.value.view);
  const state = computed(() => {
    if (!desk.store.data.value) return desk.store.failure.value ? 'failed' : 'loading';
    if (!desk.people.value.length) return 'none';
    return desk.shownPeople.value.length || shown.value === 'week' ? 'ready' : 'all_hidden';
  });
  const main = h('div', { class: 'ag-main', 'aria-busy': () => (state.value === 'loading' ? 'true' : null) },
    () => state.value === 'ready' && shown.value !== 'week' && closedNote(desk),
    () => (state.value === 'none' || state.value === 'failed' || state.value === 'all_hidden') && stateBox(desk, state.value),
    () => state.value === 'loading' && h('div', { class: 'ag-loading', role: 'status', 'aria-label': () => t('loading') }, Array.from({ length: desk.phone.value ? 1 : 5 }, () => h('div', null, Array.from({ length: 7 }, () => h('span'))))),
    grid.node);
  effect(() => {
    grid.node.hidden = shown.value === 'list' || !(state.value === 'ready' || state.value === 'loading');
  });
  effect(() => {
    if (shown.value === 'list' && state.value === 'ready') act('showList', main);
  });
  const frame = h('div', { class: 'ag-body' }, main);
  /** @type {Promise<() => void> | null} */
  let side = null;
  effect(() => {
    if (desk.wide.value ? desk.side.value : desk.sideFloat.value) side ??= import('./side.js').then((module) => module.mountSide(desk, frame, act));
  });
  onDispose(() => void side?.then((end) => end()));
  return frame;
}

/** @param {Desk} desk */
function closedNote(desk) {
  const columns = desk.columns.value ?? [];
  const holiday = columns[0]?.holiday;
  if (holiday) return h('p', { class: 'ag-note' }, icon('flag', { size: 'small' }), t('holiday_day', { name: holidayWord(holiday.code, holiday.name) }));
  if (columns.some((column) => column.stretches.some((part) => part.kind === 'open'))) return null;
  return h('p', { class: 'ag-note' }, icon('clock', { size: 'small' }), t('closed_day'));
}

/** @param {Desk} desk @param {'none' | 'failed' | 'all_hidden'} kind */
function stateBox(desk, kind) {
  const [name, action] = {
    none: /** @type {const} */ (['team', () => linkButton({ label: () => t('none_link'), href: '/team', icon: 'plus', kind: 'primary' })]),
    failed: /** @type {const} */ (['warning', () => button({ label: () => t('retry'), icon: 'refresh', onClick: () => void desk.store.refresh() })]),
    all_hidden: /** @type {const} */ (['eye-off', () => button({ label: () => t('columns_all'), onClick: () => void (desk.hidden.value = new Set()) })]),
  }[kind];
  return h('div', { class: 'ag-state' }, h('div', { class: 'empty' }, icon(name), h('h2', null, () => t(kind === 'all_hidden' ? kind : `${kind}_title`)), kind !== 'all_hidden' && h('p', null, () => t(`${kind}_text`)), action()));
}

/** @param {Desk} desk @param {ReturnType<typeof createGrid>} grid */
function drawGrid(desk, grid) {
  let scrolled = false;
  effect(() => {
    const columns = desk.columns.value;
    const place = desk.store.at.value;
    if (!columns || place.view === 'list') return;
    const today = desk.now.value;
    grid.board.dataset.view = place.view;
    grid.render(columns, {
      bounds: desk.bounds.value, ppm: desk.ppm.value, today, cut: desk.cut.value?.id ?? null, opened: desk.opened.value,
      around: { tags: desk.tags.value, quick: desk.mayEdit.value, now: today.minute },
      head: (column) => (place.view === 'week' ? weekHead(desk, column) : dayHead(desk, column)),
    });
    // A closed day holds nothing to stand on, and must be scrolled by keyboard all the same.
    if (grid.board.querySelector('.slot, .appt')) grid.node.removeAttribute('tabindex');
    else grid.node.tabIndex = 0;
    if (scrolled || !grid.node.clientHeight) return;
    scrolled = true;
    grid.scrollToMinute(place.date === today.date ? today.minute : desk.bounds.peek().start);
  });
  const sized = new ResizeObserver(([entry]) => grid.fit(entry.contentRect.width));
  sized.observe(grid.node);
  onDispose(() => sized.disconnect());
}

/** @param {Desk} desk @param {import('./model.js').Column} column */
function dayHead(desk, column) {
  const { name, room_name: room } = column.professional;
  const free = desk.ahead(column).length;
  const count = free ? t('free_count', { count: free }) : column.slots.length || !column.stretches.some((part) => part.kind === 'open') ? '' : t('free_none');
  return { title: name, short: name, sub: [count, room].filter(Boolean).join(' · '), initials: initials(name), current: false, action: t('open_week_of', { who: name }) };
}

/** @param {Desk} desk @param {import('./model.js').Column} column */
function weekHead(desk, column) {
  const title = fmt.weekdayDate(column.date);
  const free = desk.ahead(column).length;
  const sub = free ? t('free_count', { count: free }) : column.items.length ? t('count_booked', { count: column.items.length }) : '';
  const short = plainDay(column.date);
  return { title, short, sub, initials: null, current: column.date === desk.now.value.date, action: t('open_day_of', { date: short }) };
}

/** @param {HTMLElement} node @param {ReturnType<typeof createGrid>} grid @param {Act} act @param {() => unknown} wake */
function listen(node, grid, act, wake) {
  grid.board.addEventListener('click', (event) => {
    const on = /** @type {Element} */ (event.target);
    const at = grid.cursorOf(on);
    if (on.closest('.ag-head-button')) act('openHead', on.closest('.ag-head'));
    else if (on.closest('.appt-quick')) act('quick', at?.id, /** @type {HTMLElement} */ (on.closest('.appt-quick')).dataset.step);
    else if (at?.id !== undefined) act('open', at.id);
    else if (at) act('book', at);
  });
  // Handed over as it is: the first press may come before the part that drags.
  grid.board.addEventListener('pointerdown', (event) => {
    const press = { event, held: true };
    for (const type of ['pointerup', 'pointercancel']) window.addEventListener(type, () => (press.held = false), { once: true });
    act('press', press);
  });
  // The first sign of a hand at the desk fetches what it may need next.
  for (const type of ['pointermove', 'pointerdown', 'keydown']) node.addEventListener(type, () => void Promise.resolve(wake()).catch(() => {}), { once: true, passive: true });
}

/** @param {Desk} desk @param {ReturnType<typeof createGrid>} grid @param {(change: Partial<Place>) => unknown} go @param {Act} act @returns {import('../../shell/keys.js').Shortcut[]} */
function keyTable(desk, grid, go, act) {
  const group = () => t('keys_title');
  const edit = () => desk.mayEdit.peek();
  const day = (/** @type {number} */ by) => void go({ date: addDays(desk.store.at.peek().date, by * (desk.store.at.peek().view === 'week' ? 7 : 1)) });
  // Taken when the key is pressed: the first act still has to be fetched, and the day may change before it runs.
  const card = () => desk.store.find(grid.target(desk.opened.peek()) ?? 0);
  const onCard = () => edit() && card() !== undefined;
  /** @type {[string, Parameters<typeof t>[0], () => unknown, (() => boolean)?][]} */
  const rows = [
    ['N', 'key_new', () => act('book'), edit], ['T', 'key_today', () => go({ date: dayOf() })], ['J', 'key_next', () => day(1)], ['K', 'key_previous', () => day(-1)], ['G', 'key_goto', () => act('askDate')],
    ['C', 'key_arrived', () => act('stepTo', card(), 'arrived'), onCard], ['A', 'key_in_care', () => act('stepTo', card(), 'in_care'), onCard], ['F', 'key_done', () => act('stepTo', card(), 'done'), onCard],
    ['X', 'key_cut', () => act('cutOut', card()), onCard], ['V', 'key_paste', () => act('paste'), edit], ['P', 'key_print', () => act('print')], ['Ctrl+Z', 'key_undo', () => act('undo'), edit],
    ['Escape', 'key_drop', () => act('dropCut'), () => desk.cut.peek() !== null],
    // Told as one line each in the help; onMove below does them.
    ['↑ ↓ ← →', 'key_arrows', () => {}], ['Ctrl+↑ ↓', 'key_jump', () => {}], ['Home End', 'key_edge', () => {}], ['Alt+↑ ↓ ← →', 'key_move', () => {}], ['Alt+Shift+↑ ↓', 'key_move_fine', () => {}], ['1 … 9', 'key_professional', () => {}],
  ];
  return rows.map(([key, label, run, when]) => ({ key, label: () => t(label), group, when, run: () => void run() }));
}

/** Arrows, Home, End and digits: families of keys that the help shows as one line each. @param {KeyboardEvent} event @param {{desk: Desk, grid: ReturnType<typeof createGrid>, act: Act}} reach */
function onMove(event, { desk, grid, act }) {
  const on = event.target instanceof Element ? event.target : null;
  if (event.defaultPrevented || on?.closest('input, textarea, select, [contenteditable]') || document.querySelector('dialog[open], .menu:popover-open')) return;
  const way = /^Arrow(\w+)$/.exec(event.key)?.[1];
  const jump = event.ctrlKey || event.metaKey;
  const inGrid = grid.board.contains(on);
  let done = false;
  if (way && event.altKey) done = desk.mayEdit.peek() && grid.target(desk.opened.peek()) !== undefined && act('nudge', grid.target(desk.opened.peek()), way, event.shiftKey);
  else if (way && inGrid && !event.shiftKey) done = act('arrow', way, jump);
  else if ((event.key === 'Home' || event.key === 'End') && inGrid) done = act('edge', event.key === 'Home' ? -1 : 1440);
  else if (/^[1-9]$/.test(event.key) && !jump && !event.altKey && user.peek()?.single_key_shortcuts !== false) done = act('professional', Number(event.key) - 1);
  if (done) event.preventDefault();
}

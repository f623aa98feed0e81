// The agenda, home of the program: puts state, columns and tools together; everything a person does from here is loaded when first done.
import { h, loadStyle } from '../../kernel/dom.js';
import { computed, effect, onDispose, untrack } from '../../kernel/signal.js';
import { user } from '../../api/session.js';
import { addDays, dayOf, fmt } from '../../i18n/index.js';
import { icon, initials } from '../../ui/icon.js';
import { announce, toast } from '../../ui/toast.js';
import { registerKeys } from '../../shell/keys.js';
import { t, write } from './card.js';
import { createGrid } from './grid.js';
import { createDesk } from './state.js';
import { closedNote, header, plainDay, stateBox, titleOf, tools } from './tools.js';

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

/** @param {Desk} desk @param {ReturnType<typeof createGrid>} grid */
function drawGrid(desk, grid) {
  let scrolled = false;
  effect(() => {
    const columns = desk.columns.value;
    const place = desk.store.at.value;
    if (!columns || place.view === 'list') return;
    const today = desk.now.value;
    write(grid.board, 'data-view', place.view);
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

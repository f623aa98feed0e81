// Moving, resizing and creating by pointer: the target time and whether it is allowed are shown before the drop; Esc gives up.
import { instantOf } from '../../i18n/index.js';
import { glyph, t, whyWord } from './card.js';
import { clock } from './model.js';
import { checkColumn, snap } from './places.js';

/** @typedef {import('./hands.js').Desktop} Desktop */
/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./columns.js').Drawn} Drawn */
/** @typedef {{mode: 'move' | 'resize' | 'create', a: Appointment | null, from: Drawn, start: number, duration: number, grab: number, x: number, y: number, card: HTMLElement | null}} Grip */
/** @typedef {{column: Drawn, start: number, end: number, ok: boolean}} Drop */

const SLOP = 5;
const HOLD_MS = 380;
const EDGE = 48;

/** @param {Desktop} desktop @param {{book: (preset: any) => void}} hands */
export function startDrag(desktop, hands) {
  const { desk, grid, acts } = desktop;
  const { board, node: scroller } = grid;
  /** @type {Grip | null} */
  let grip = null;
  /** @type {Drop | null} */
  let drop = null;
  let active = false;
  let hold = 0;
  let frame = 0;
  let pointer = -1;
  let fine = false;
  /** @type {{x: number, y: number}} */
  let last = { x: 0, y: 0 };
  const ghost = document.createElement('div');
  const label = document.createElement('span');
  ghost.className = 'ag-ghost';
  ghost.setAttribute('aria-hidden', 'true');
  ghost.append(label);

  /** @param {number} x @param {number} y @param {Drawn} [fallback] */
  function pointAt(x, y, fallback) {
    const scale = grid.scale();
    for (const column of grid.columns()) {
      const box = column.body.getBoundingClientRect();
      if (fallback ? column === fallback : x >= box.left && x < box.right) return { column, minute: scale.start + (y - box.top) / scale.ppm };
    }
    return null;
  }

  /** @param {PointerEvent} event @returns {Grip | null} */
  function gripOf(event) {
    const on = /** @type {Element} */ (event.target);
    const at = grid.cursorOf(on);
    if (!at || on.closest('.appt-quick')) return null;
    const from = grid.columns().find((column) => column.column.key === at.key);
    if (!from) return null;
    const { minute } = /** @type {any} */ (pointAt(event.clientX, event.clientY, from));
    const base = { from, grab: minute - at.minute, x: event.clientX, y: event.clientY };
    if (at.id === undefined) return { ...base, mode: 'create', a: null, start: Math.max(at.minute, Math.floor(minute / step()) * step()), duration: 0, card: null };
    const card = from.cards.get(at.id);
    if (!card) return null;
    return { ...base, mode: on.closest('.appt-grip') ? 'resize' : 'move', a: card.item.a, start: card.item.start, duration: card.item.a.duration_min, card: card.node };
  }

  const step = () => (fine ? 5 : Math.min(desk.store.data.peek()?.slot_min ?? 30, 30));

  /** @returns {Drop | null} */
  function dropAt() {
    if (!grip) return null;
    const at = pointAt(last.x, last.y, grip.mode === 'move' ? undefined : grip.from);
    if (!at) return null;
    let start = grip.start;
    let end = grip.start + grip.duration;
    if (grip.mode === 'move') {
      // Relative to where it stood, so that an odd start such as 08:50 keeps its minutes unless moved by more than half a step.
      start = snap(at.minute - grip.grab, step());
      end = start + grip.duration;
    } else if (grip.mode === 'resize') end = Math.max(grip.start + 5, snap(at.minute, 5));
    else {
      const other = snap(at.minute, step());
      start = Math.min(grip.start, other);
      end = Math.max(grip.start, other, start + step());
    }
    const checked = checkColumn(at.column.column, { start, end }, grip.a?.id);
    show(at.column, start, end, checked);
    return { column: at.column, start, end, ok: checked.ok };
  }

  /** @param {Drawn} column @param {number} start @param {number} end @param {ReturnType<typeof checkColumn>} checked */
  function show(column, start, end, checked) {
    const scale = grid.scale();
    if (ghost.parentNode !== column.body) column.body.append(ghost);
    ghost.style.top = (start - scale.start) * scale.ppm + 'px';
    ghost.style.height = Math.max((end - start) * scale.ppm, 20) + 'px';
    ghost.toggleAttribute('data-bad', !checked.ok);
    label.replaceChildren(glyph(checked.ok ? 'confirmed' : 'no_show'), `${clock(start)}–${clock(end)} · ${checked.ok ? t('drag_free') : whyWord(checked)}`);
  }

  function begin() {
    if (!grip) return;
    active = true;
    clearTimeout(hold);
    board.closest('.agenda')?.setAttribute('data-dragging', grip.mode);
    grip.card?.setAttribute('data-dragged', '');
    board.setPointerCapture?.(pointer);
    drop = dropAt();
    frame = requestAnimationFrame(creep);
  }

  /** Near an edge the board scrolls under the pointer. */
  function creep() {
    if (!active) return;
    const box = scroller.getBoundingClientRect();
    const push = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => (value < low + EDGE ? value - low - EDGE : value > high - EDGE ? value - high + EDGE : 0) / 4;
    const down = push(last.y, box.top + 60, box.bottom);
    const right = push(last.x, box.left + 56, box.right);
    if (down || right) {
      scroller.scrollBy(grip?.mode === 'move' ? right : 0, down);
      drop = dropAt();
    }
    frame = requestAnimationFrame(creep);
  }

  function end() {
    clearTimeout(hold);
    cancelAnimationFrame(frame);
    ghost.remove();
    grip?.card?.removeAttribute('data-dragged');
    board.closest('.agenda')?.removeAttribute('data-dragging');
    if (pointer >= 0 && board.hasPointerCapture?.(pointer)) board.releasePointerCapture(pointer);
    grip = null;
    drop = null;
    active = false;
    pointer = -1;
  }

  /** @param {Grip} held @param {Drop} to */
  function finish(held, to) {
    const { date, professional } = to.column.column;
    const duration = to.end - to.start;
    if (!held.a) return hands.book({ professional_id: professional.id, date, minute: to.start, duration_min: duration, exact: true });
    if (held.mode === 'resize') return void acts.move(held.a, { duration_min: duration }, { early: to.ok });
    const from = desk.person(held.a.professional_id);
    const room = from && from.id !== professional.id && held.a.room_id !== null && held.a.room_id === from.room_id ? { room_id: professional.room_id } : {};
    void acts.move(held.a, { professional_id: professional.id, starts_at: instantOf(date, to.start), ...room }, { early: to.ok });
  }

  /** @param {PointerEvent} event */
  function onDown(event) {
    if (event.button || !desk.mayEdit.peek() || grip) return;
    const held = gripOf(event);
    if (!held) return;
    grip = held;
    pointer = event.pointerId;
    fine = event.shiftKey;
    last = { x: event.clientX, y: event.clientY };
    // A finger scrolls unless it rests first; free time is not made by finger, a tap books it.
    if (event.pointerType === 'touch') {
      if (held.mode === 'create') return end();
      hold = window.setTimeout(() => {
        navigator.vibrate?.(15);
        begin();
      }, HOLD_MS);
    }
  }

  /** @param {PointerEvent} event */
  function onMove(event) {
    if (!grip || event.pointerId !== pointer) return;
    fine = event.shiftKey;
    last = { x: event.clientX, y: event.clientY };
    if (active) drop = dropAt();
    else if (Math.hypot(last.x - grip.x, last.y - grip.y) > SLOP) {
      if (event.pointerType === 'touch') end();
      else begin();
    }
  }

  /** @param {PointerEvent} event */
  function onUp(event) {
    if (!grip || event.pointerId !== pointer) return;
    const held = grip;
    const to = drop;
    const was = active;
    end();
    if (!was) return;
    swallowClick();
    const same = to && held.a && to.start === held.start && to.end - to.start === held.duration && to.column === held.from;
    if (to && !same) finish(held, to);
  }

  /** The click that the browser makes of a drop is not a click. */
  function swallowClick() {
    const stop = (/** @type {Event} */ event) => {
      event.stopPropagation();
      event.preventDefault();
    };
    window.addEventListener('click', stop, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 50);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!active) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      end();
      swallowClick();
    } else if (event.key === 'Shift' && !fine) {
      fine = true;
      drop = dropAt();
    }
  }

  const noScroll = (/** @type {Event} */ event) => active && event.preventDefault();
  const noMenu = (/** @type {Event} */ event) => active && event.preventDefault();
  board.addEventListener('touchmove', noScroll, { passive: false });
  board.addEventListener('contextmenu', noMenu);
  window.addEventListener('pointermove', onMove);
  window.addEventListener('pointerup', onUp);
  window.addEventListener('pointercancel', end);
  window.addEventListener('keydown', onKey, true);
  /** The page is left. */
  function stop() {
    end();
    window.removeEventListener('pointermove', onMove);
    window.removeEventListener('pointerup', onUp);
    window.removeEventListener('pointercancel', end);
    window.removeEventListener('keydown', onKey, true);
  }
  return { press: onDown, end: stop };
}

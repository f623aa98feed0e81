// The board: puts the columns of a day or a week side by side; owns the one Tab stop and the cursor that moves over time.
import { part, write, writeStyle } from './card.js';
import { makeColumn, patchColumn } from './columns.js';
import { clock } from './model.js';

/** @typedef {import('./model.js').Column} Column */
/** @typedef {import('./columns.js').Scale} Scale */
/** @typedef {import('./columns.js').Drawn} Drawn */
/** @typedef {import('./columns.js').Options} Options */
/** @typedef {{key: string, minute: number, id?: number}} Cursor */

export function createGrid() {
  const scroller = part('div', 'ag-scroll');
  const board = part('div', 'ag-board');
  const corner = part('div', 'ag-corner');
  const rail = part('div', 'ag-rail');
  rail.setAttribute('aria-hidden', 'true');
  const nowLabel = part('div', 'ag-now-label');
  board.append(corner, rail);
  scroller.append(board);
  /** @type {Map<string, Drawn>} */
  let drawn = new Map();
  /** @type {Scale} */
  let scale = { start: 480, end: 1080, ppm: 1.8 };
  let railKey = '';
  let width = 0;
  /** @type {Cursor | null} */
  let cursor = null;

  function drawRail() {
    const key = `${scale.start}-${scale.end}-${scale.ppm}`;
    if (key === railKey) return;
    railKey = key;
    board.style.setProperty('--ppm', String(scale.ppm));
    board.style.setProperty('--body', (scale.end - scale.start) * scale.ppm + 'px');
    rail.replaceChildren(nowLabel);
    for (let minute = scale.start; minute < scale.end; minute += 60) {
      const label = part('span', 'ag-hour');
      label.textContent = clock(minute);
      label.style.setProperty('--at', (minute - scale.start) * scale.ppm + 'px');
      rail.append(label);
    }
  }

  /** What the keyboard can stand on in one column, by time. @param {string} key @returns {HTMLElement[]} */
  function stops(key) {
    const column = drawn.get(key);
    if (!column) return [];
    const all = [...column.cards.values()].map((card) => ({ minute: card.item.start, node: card.node.firstChild }));
    for (const [start, node] of column.slots) all.push({ minute: start, node: node.firstChild });
    return /** @type {any} */ (all.sort((x, y) => x.minute - y.minute).map((stop) => stop.node));
  }

  /** @param {Element | null} node @returns {Cursor | null} */
  function cursorOf(node) {
    const host = /** @type {HTMLElement | null} */ (node?.closest?.('.appt, .slot-item'));
    const column = /** @type {HTMLElement | null} */ (host?.closest('.ag-col'));
    if (!host || !column) return null;
    const key = column.dataset.key ?? '';
    const id = Number(host.dataset.id) || undefined;
    const minute = id ? drawn.get(key)?.cards.get(id)?.item.start ?? 0 : Number(host.dataset.start);
    return { key, minute, id };
  }

  /** The stop nearest to a cursor. @param {Cursor} at @returns {HTMLElement | null} */
  function nodeAt(at) {
    const column = drawn.get(at.key);
    if (!column) return null;
    const card = at.id === undefined ? undefined : column.cards.get(at.id);
    if (card) return /** @type {HTMLElement} */ (card.node.firstChild);
    let best = null;
    for (const node of stops(at.key)) {
      const minute = cursorOf(node)?.minute ?? 0;
      if (best && minute > at.minute) break;
      best = node;
    }
    return best;
  }

  /** @type {HTMLElement | null} */
  let tabbed = null;

  /** Exactly one thing in the grid takes Tab. */
  function rove() {
    const keys = [...drawn.keys()];
    let node = cursor ? nodeAt(cursor) : null;
    if (!node && keys.length) node = nodeAt({ key: keys.find((key) => stops(key).length) ?? keys[0], minute: cursor?.minute ?? -1 });
    if (tabbed && tabbed !== node) tabbed.tabIndex = -1;
    if (node) node.tabIndex = 0;
    tabbed = node;
    return node;
  }

  /** @param {Cursor} at @param {{focus?: boolean}} [options] */
  function moveTo(at, { focus = true } = {}) {
    cursor = at;
    const node = rove();
    if (focus && node) {
      node.focus({ preventScroll: true });
      node.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    return node;
  }

  board.addEventListener('focusin', (event) => {
    const next = cursorOf(/** @type {Element} */ (event.target));
    if (!next || (event.target instanceof Element && event.target.matches('.appt-quick'))) return;
    cursor = next;
    rove();
  });

  /**
   * @param {Column[]} columns @param {Options} options
   */
  function render(columns, options) {
    // Before anything is drawn: asking for a size afterwards would lay everything out twice.
    fit(width || scroller.clientWidth, columns.length);
    scale = { start: options.bounds.start, end: options.bounds.end, ppm: options.ppm };
    drawRail();
    const held = board.contains(document.activeElement) ? cursor : null;
    const heldId = held?.id;
    const next = new Map();
    columns.forEach((column, index) => {
      const known = drawn.get(column.key) ?? makeColumn(column);
      patchColumn(known, column, scale, options);
      for (const part of [known.head, known.body]) writeStyle(part, 'grid-column-start', String(index + 2));
      next.set(column.key, known);
    });
    for (const [key, gone] of drawn) {
      if (!next.has(key)) gone.head.remove(), gone.body.remove();
    }
    const fresh = [...next.values()].filter((column) => !column.body.isConnected || column.body.parentNode !== board);
    board.append(...fresh.flatMap((column) => [column.head, column.body]));
    drawn = next;
    writeStyle(board, '--columns', String(columns.length));
    drawNow(options.today, columns.some((column) => column.date === options.today.date));
    // An appointment that moved to another column takes the focus with it.
    if (held && heldId !== undefined) {
      const home = columns.find((column) => column.items.some((item) => item.a.id === heldId));
      if (home && home.key !== held.key) cursor = { key: home.key, minute: held.minute, id: heldId };
    }
    const node = rove();
    if (held && node && document.activeElement !== node && !board.contains(document.activeElement)) node.focus({ preventScroll: true });
  }

  /** @param {{minute: number}} today @param {boolean} visible */
  function drawNow(today, visible) {
    const inside = visible && today.minute >= scale.start && today.minute <= scale.end;
    nowLabel.hidden = !inside;
    board.toggleAttribute('data-now', inside);
    if (!inside) return;
    const text = clock(today.minute);
    if (nowLabel.textContent !== text) nowLabel.textContent = text;
    writeStyle(board, '--now-at', (today.minute - scale.start) * scale.ppm + 'px');
  }

  /** @param {number} minute */
  function scrollToMinute(minute) {
    scroller.scrollTop = Math.max(0, (minute - scale.start) * scale.ppm - scroller.clientHeight * 0.2);
  }

  /** How much room a column has decides how many words a card shows. @param {number} total @param {number} [columns] */
  function fit(total, columns = drawn.size) {
    width = total;
    const column = Math.max((width - 56) / Math.max(columns, 1), board.dataset.view === 'week' ? 132 : 168);
    write(board, 'data-room', column < 150 ? 'tight' : column < 190 ? 'mid' : 'wide');
  }

  /** The appointment the keys act on: the focused one, else the one whose panel is open. @param {number | null} opened */
  function target(opened) {
    const at = cursorOf(document.activeElement);
    return at ? at.id : opened ?? undefined;
  }

  return {
    node: scroller, board, render, stops, cursorOf, nodeAt, moveTo, scrollToMinute, fit, target,
    cursor: () => cursor, columns: () => [...drawn.values()], scale: () => scale,
  };
}

/** @typedef {ReturnType<typeof createGrid>} Grid */

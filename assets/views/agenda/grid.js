// Draws the columns of a day or a week and patches them in place; owns the one Tab stop and the cursor that moves over time.
import { fillCard, holidayWord, makeCard, placeCard, spanWord, t, whyWord } from './card.js';
import { clock, packLanes } from './model.js';

/** @typedef {import('./model.js').Column} Column */
/** @typedef {import('./model.js').Item} Item */
/** @typedef {{start: number, end: number, ppm: number}} Scale */
/** @typedef {{title: string, short: string, sub: string, initials: string | null, current: boolean, action: string | null}} Head */
/**
 * @typedef {object} Drawn
 * @property {Column} column @property {HTMLElement} head @property {HTMLElement} body
 * @property {HTMLElement} shades @property {HTMLUListElement} slotList @property {HTMLUListElement} cardList
 * @property {Map<number, {node: HTMLLIElement, item: Item, look: string, box: string}>} cards
 * @property {Map<number, HTMLLIElement>} slots
 * @property {string} shadeKey @property {string} slotKey @property {string} headKey
 */

/** @typedef {import('./model.js').Span} Span */
/** @typedef {{key: string, minute: number, id?: number}} Cursor */
/** @typedef {{bounds: Span, ppm: number, around: import('./card.js').Around, head: (column: Column) => Head, today: import('./model.js').Wall, cut: number | null, opened: number | null}} Options */

/** @type {HTMLLIElement | null} */
let slotPrototype = null;

/** @param {string} name @param {string} className */
function part(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

/** @param {Column} column @returns {Drawn} */
function makeColumn(column) {
  const head = part('div', 'ag-head');
  const body = part('section', 'ag-col');
  const shades = part('div', 'ag-shades');
  const slotList = /** @type {HTMLUListElement} */ (part('ul', 'ag-slots'));
  const cardList = /** @type {HTMLUListElement} */ (part('ul', 'ag-cards'));
  body.dataset.key = column.key;
  shades.setAttribute('aria-hidden', 'true');
  body.append(shades, slotList, cardList);
  return { column, head, body, shades, slotList, cardList, cards: new Map(), slots: new Map(), shadeKey: '', slotKey: '', headKey: '' };
}

/** @param {Drawn} drawn @param {Column} column @param {Scale} scale @param {Options} options */
function patchColumn(drawn, column, scale, options) {
  drawn.column = column;
  const color = String(column.professional.color ?? 0);
  drawn.head.dataset.pro = drawn.body.dataset.pro = color;
  drawn.body.toggleAttribute('data-today', column.date === options.today.date);
  const head = options.head(column);
  patchHead(drawn, head);
  drawn.body.setAttribute('aria-label', head.title);
  patchShades(drawn, column, scale);
  // What has passed is not offered, though it can still be taken.
  const passed = column.date < options.today.date ? 1440 : column.date === options.today.date ? options.today.minute : 0;
  patchSlots(drawn, column, scale, { title: head.title, passed });
  patchCards(drawn, column, scale, options);
}

/** @param {Drawn} drawn @param {Head} head */
function patchHead(drawn, head) {
  const key = JSON.stringify(head);
  if (key === drawn.headKey) return;
  drawn.headKey = key;
  const title = part('h2', 'ag-head-title');
  const sub = part('span', 'ag-head-sub');
  sub.textContent = sub.title = head.sub;
  drawn.head.toggleAttribute('data-current', head.current);
  if (head.action) {
    const button = /** @type {HTMLButtonElement} */ (part('button', 'ag-head-button'));
    button.type = 'button';
    const words = part('span', '');
    words.textContent = head.short;
    button.append(words);
    button.setAttribute('aria-label', head.action);
    title.append(button);
  } else title.textContent = head.short;
  title.title = head.title;
  const words = part('div', 'ag-head-words');
  words.append(title, sub);
  drawn.head.replaceChildren(words);
  if (head.initials !== null) {
    const avatar = part('span', 'ag-avatar');
    avatar.textContent = head.initials;
    avatar.setAttribute('aria-hidden', 'true');
    drawn.head.prepend(avatar);
  }
}

/** Closed time, lunch, blocks and holidays, each with its word. @param {Drawn} drawn @param {Column} column @param {Scale} scale */
function patchShades(drawn, column, scale) {
  const shut = shutParts(column, scale);
  const key = JSON.stringify([shut, scale, column.holiday?.code, t('why_lunch')]);
  if (key === drawn.shadeKey) return;
  drawn.shadeKey = key;
  drawn.shades.replaceChildren(...shut.map((stretch) => {
    const shade = part('div', 'shade');
    shade.dataset.kind = stretch.kind;
    shade.style.top = (stretch.start - scale.start) * scale.ppm + 'px';
    shade.style.height = (stretch.end - stretch.start) * scale.ppm + 'px';
    const text = part('span', 'shade-word');
    text.textContent = stretch.kind === 'holiday' && column.holiday ? holidayWord(column.holiday.code, column.holiday.name) : whyWord({ why: stretch.kind, reason: stretch.reason });
    shade.append(text);
    return shade;
  }));
}

/** Whatever is not open is shut: the server's stretches, and the rest of the drawn day. @param {Column} column @param {Scale} scale */
function shutParts(column, scale) {
  const parts = [...column.stretches].sort((x, y) => x.start - y.start);
  /** @type {import('./model.js').Stretch[]} */
  const shut = [];
  let from = scale.start;
  const gap = (/** @type {number} */ end) => {
    if (end > from) shut.push({ start: from, end, kind: 'closed' });
  };
  for (const stretch of parts) {
    if (stretch.kind === 'closed') continue;
    gap(Math.min(stretch.start, scale.end));
    if (stretch.kind !== 'open') shut.push({ ...stretch, start: Math.max(stretch.start, scale.start), end: Math.min(stretch.end, scale.end) });
    from = Math.max(from, stretch.end);
  }
  gap(scale.end);
  return shut.filter((stretch) => stretch.end > stretch.start);
}

function makeSlotPrototype() {
  const item = /** @type {HTMLLIElement} */ (part('li', 'slot-item'));
  const button = /** @type {HTMLButtonElement} */ (part('button', 'slot'));
  button.type = 'button';
  button.tabIndex = -1;
  item.append(button);
  return item;
}

/** @param {Drawn} drawn @param {Column} column @param {Scale} scale @param {{title: string, passed: number}} told */
function patchSlots(drawn, column, scale, { title, passed }) {
  const inviting = column.free.filter((free) => free.end - free.start >= 60 && free.end > passed).map((free) => free.start);
  const key = JSON.stringify([column.slots, inviting, scale, title, t('book')]);
  if (key === drawn.slotKey) return;
  drawn.slotKey = key;
  slotPrototype ??= makeSlotPrototype();
  const next = new Map();
  for (const slot of column.slots) {
    const node = drawn.slots.get(slot.start) ?? /** @type {HTMLLIElement} */ (slotPrototype.cloneNode(true));
    const button = /** @type {HTMLElement} */ (node.firstChild);
    node.dataset.start = String(slot.start);
    node.style.top = (slot.start - scale.start) * scale.ppm + 'px';
    node.style.height = (slot.end - slot.start) * scale.ppm + 'px';
    button.dataset.time = '+ ' + clock(slot.start);
    button.setAttribute('aria-label', t('slot_name', { time: clock(slot.start), who: title }));
    const stretch = inviting.includes(slot.start) && column.free.find((free) => free.start === slot.start);
    if (stretch) node.dataset.free = t('free_for', { span: spanWord(stretch.end - stretch.start) });
    else delete node.dataset.free;
    next.set(slot.start, node);
  }
  for (const [start, node] of drawn.slots) if (!next.has(start)) node.remove();
  drawn.slots = next;
  arrange(drawn.slotList, [...next.values()]);
  drawn.slotList.setAttribute('aria-label', t('slots_of', { who: title }));
  drawn.slotList.hidden = next.size === 0;
}

/** @param {Drawn} drawn @param {Column} column @param {Scale} scale @param {Options} options */
function patchCards(drawn, column, scale, { around, head, today, cut, opened }) {
  const least = 24 / scale.ppm;
  const lanes = packLanes(column.taken, least);
  const freed = column.items.filter((item) => !item.holds);
  const here = column.date === today.date ? around : { ...around, quick: false };
  const next = new Map();
  for (const item of column.items) {
    const place = lanes.get(item) ?? { lane: 0, lanes: 1 };
    const narrow = item.holds && freed.some((other) => other.start < item.end && other.end > item.start);
    const box = {
      top: (item.start - scale.start) * scale.ppm + 1, height: Math.max((item.end - item.start) * scale.ppm - 3, 22),
      lane: place.lane, lanes: place.lanes, narrow,
    };
    next.set(item.a.id, patchCard(drawn.cards.get(item.a.id), item, box, here));
  }
  for (const [id, { node }] of next) {
    node.toggleAttribute('data-cut', id === cut);
    node.toggleAttribute('data-open', id === opened);
  }
  for (const [id, card] of drawn.cards) if (!next.has(id)) card.node.remove();
  drawn.cards = next;
  arrange(drawn.cardList, [...next.values()].map((card) => card.node));
  drawn.cardList.setAttribute('aria-label', t('list_of', { who: head(column).title }));
  drawn.cardList.hidden = next.size === 0;
}

/** @param {{node: HTMLLIElement, item: Item, look: string, box: string} | undefined} known @param {Item} item @param {import('./card.js').Box} box @param {import('./card.js').Around} around */
function patchCard(known, item, box, around) {
  const look = `${t('fit_in')}${around.quick}${item.start}${around.quick && item.start <= around.now + 30}${item.a.tag_id ? around.tags.get(item.a.tag_id)?.name : ''}`;
  const boxKey = `${box.top}|${box.height}|${box.lane}|${box.lanes}|${box.narrow}|${item.holds}`;
  if (!known) return { node: makeCard(item, box, around), item, look, box: boxKey };
  if (known.item.a !== item.a || known.look !== look) fillCard(known.node, item, around);
  if (known.box !== boxKey) placeCard(known.node, item, box);
  return { node: known.node, item, look, box: boxKey };
}

/** Puts nodes in order, moving only those out of place, so that a focused one keeps the focus. @param {Element} host @param {Element[]} nodes */
function arrange(host, nodes) {
  /** @type {ChildNode | null} */
  let after = null;
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const node = nodes[index];
    if (node.nextSibling !== after || node.parentNode !== host) host.insertBefore(node, after);
    after = node;
  }
}

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
      label.style.top = (minute - scale.start) * scale.ppm + 'px';
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
      known.head.style.gridColumn = known.body.style.gridColumn = String(index + 2);
      next.set(column.key, known);
    });
    for (const [key, gone] of drawn) {
      if (!next.has(key)) gone.head.remove(), gone.body.remove();
    }
    const fresh = [...next.values()].filter((column) => !column.body.isConnected || column.body.parentNode !== board);
    board.append(...fresh.flatMap((column) => [column.head, column.body]));
    drawn = next;
    board.style.setProperty('--columns', String(columns.length));
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
    nowLabel.textContent = clock(today.minute);
    board.style.setProperty('--now-at', (today.minute - scale.start) * scale.ppm + 'px');
  }

  /** @param {number} minute */
  function scrollToMinute(minute) {
    scroller.scrollTop = Math.max(0, (minute - scale.start) * scale.ppm - scroller.clientHeight * 0.2);
  }

  /** How much room a column has decides how many words a card shows. @param {number} total @param {number} [columns] */
  function fit(total, columns = drawn.size) {
    width = total;
    const column = Math.max((width - 56) / Math.max(columns, 1), board.dataset.view === 'week' ? 132 : 168);
    board.dataset.room = column < 150 ? 'tight' : column < 190 ? 'mid' : 'wide';
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

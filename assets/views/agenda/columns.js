// One column of the agenda and everything in it: its head, shut time, free slots and cards, each patched in place.
import { fillCard, holidayWord, makeCard, part, placeCard, spanWord, t, whyWord, write } from './card.js';
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

/** @typedef {{bounds: import('./model.js').Span, ppm: number, around: import('./card.js').Around, head: (column: Column) => Head, today: import('./model.js').Wall, cut: number | null, opened: number | null}} Options */

/** @type {HTMLLIElement | null} */
let slotPrototype = null;

/** @param {Column} column @returns {Drawn} */
export function makeColumn(column) {
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
export function patchColumn(drawn, column, scale, options) {
  drawn.column = column;
  const color = String(column.professional.color ?? 0);
  for (const part of [drawn.head, drawn.body]) write(part, 'data-pro', color);
  drawn.body.toggleAttribute('data-today', column.date === options.today.date);
  const head = options.head(column);
  patchHead(drawn, head);
  write(drawn.body, 'aria-label', head.title);
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
  write(drawn.cardList, 'aria-label', t('list_of', { who: head(column).title }));
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

// One appointment on the agenda: a list item with one named button, drawn from a cloned prototype and patched in place.
import { glyph } from './glyphs.js';
import { nextStep } from './status.js';
import { clock } from './time.js';
import { cardName, kindWord, statusWord, stepWord, t } from './words.js';

/** @typedef {import('./model.js').Item} Item */
/** @typedef {{top: number, height: number, lane: number, lanes: number, narrow: boolean}} Box */
/** @typedef {{tags: Map<number, {name: string, color: number}>, quick: boolean, now: number}} Around what a card needs to know of its surroundings */

/** @type {HTMLLIElement | null} */
let prototype = null;

/** @param {string} name @param {string} className */
function part(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

function makePrototype() {
  const item = /** @type {HTMLLIElement} */ (part('li', 'appt'));
  const main = part('button', 'appt-main');
  main.setAttribute('type', 'button');
  main.tabIndex = -1;
  const line = part('span', 'appt-line');
  line.append(part('span', 'appt-time'), part('span', 'appt-state'));
  main.append(line, part('span', 'appt-name'), part('span', 'appt-meta'));
  item.append(main, part('span', 'appt-grip'));
  return item;
}

/** @param {Item} item @param {Box} box @param {Around} around @returns {HTMLLIElement} */
export function makeCard(item, box, around) {
  prototype ??= makePrototype();
  const card = /** @type {HTMLLIElement} */ (prototype.cloneNode(true));
  fillCard(card, item, around);
  placeCard(card, item, box);
  return card;
}

/** @param {HTMLLIElement} card @param {Item} item @param {Around} around */
export function fillCard(card, item, around) {
  const { a } = item;
  const tag = a.tag_id === null || a.tag_id === undefined ? undefined : around.tags.get(a.tag_id);
  const main = /** @type {HTMLElement} */ (card.firstChild);
  const [line, name, meta] = /** @type {any} */ (main.children);
  card.dataset.id = String(a.id);
  card.dataset.status = a.status;
  main.setAttribute('aria-label', cardName(item, tag?.name));
  line.firstChild.textContent = clock(item.start);
  line.lastChild.replaceChildren(glyph(a.status), word('appt-word', statusWord(a.status)));
  name.textContent = item.name;
  fillMeta(meta, item, tag);
  fillQuick(card, item, around);
}

/** @param {string} className @param {string} text */
function word(className, text) {
  const span = part('span', className);
  span.textContent = text;
  return span;
}

/** @param {HTMLElement} meta @param {Item} item @param {{name: string, color: number} | undefined} tag */
function fillMeta(meta, { a }, tag) {
  meta.replaceChildren(word('appt-kind', kindWord(a.kind)));
  if (a.contact.first_visit) meta.append(mark('first', a.kind === 'first_visit' ? '' : t('first_time')));
  if (a.fit_in) meta.append(mark('fit_in', t('fit_in')));
  if (tag) {
    const pill = word('appt-tag', tag.name);
    pill.dataset.pro = String(tag.color);
    meta.append(pill);
  }
}

/** @param {string} name @param {string} text */
function mark(name, text) {
  const span = part('span', 'appt-mark mark-' + name);
  span.append(glyph(name), text);
  return span;
}

/** The one-click next step; a mouse and touch way beside the key, so it takes no Tab stop. @param {HTMLLIElement} card @param {Item} item @param {Around} around */
function fillQuick(card, item, around) {
  const step = around.quick ? nextStep(item.a.status) : undefined;
  const old = /** @type {HTMLButtonElement | null} */ (card.querySelector('.appt-quick'));
  if (!step) return old?.remove();
  const button = old ?? /** @type {HTMLButtonElement} */ (part('button', 'appt-quick'));
  if (!old) {
    button.type = 'button';
    button.tabIndex = -1;
    card.append(button);
  }
  button.dataset.step = step;
  button.setAttribute('aria-label', t('quick_name', { step: stepWord(step), name: item.name, time: clock(item.start) }));
  button.replaceChildren(glyph(step), stepWord(step));
  card.toggleAttribute('data-due', item.start <= around.now + 30 || step !== 'arrived');
}

/** @param {HTMLLIElement} card @param {Item} item @param {Box} box */
export function placeCard(card, item, box) {
  const { style } = card;
  style.top = box.top + 'px';
  style.height = box.height + 'px';
  style.setProperty('--lane', String(box.lane));
  style.setProperty('--lanes', String(box.lanes));
  const size = box.height < 40 ? 'xs' : box.height < 62 ? 's' : box.height < 92 ? 'm' : 'l';
  if (card.dataset.size !== size) card.dataset.size = size;
  card.toggleAttribute('data-narrow', box.narrow);
  card.toggleAttribute('data-packed', box.lanes > 1 || box.narrow);
  card.toggleAttribute('data-freed', !item.holds);
}

// One appointment on the agenda, its words and its small drawings: cloned from prototypes so that hundreds stay cheap, patched in place.
import { area } from '../../i18n/index.js';
import { clock, nextStep } from './model.js';

export const t = await area('agenda');

/** @typedef {import('./model.js').Item} Item */
/** @typedef {{top: number, height: number, lane: number, lanes: number, narrow: boolean}} Box */
/** @typedef {{tags: Map<number, {name: string, color: number}>, quick: boolean, now: number}} Around what a card needs to know of its surroundings */

/** @param {string} status */
export const statusWord = (status) => t(/** @type {any} */ ('status_' + status));
/** What the button of a step says. @param {string} status */
export const stepWord = (status) => t(/** @type {any} */ ('step_' + status));
/** @param {string} kind */
export const kindWord = (kind) => t(/** @type {any} */ ('kind_' + kind));

/** "14:30, Maria Silva, Retorno, confirmado"; the usual kind goes without saying. @param {Item} item @param {string} [tag] */
export function cardName(item, tag) {
  const { a } = item;
  const first = a.contact.first_visit && a.kind !== 'first_visit' && t('first_time');
  const parts = [clock(item.start), item.name, a.kind !== 'visit' && kindWord(a.kind), first, a.fit_in && t('fit_in').toLocaleLowerCase(), tag, statusWord(a.status).toLocaleLowerCase()];
  return parts.filter(Boolean).join(', ');
}

/** Why a span may not be taken, in a few words. @param {{why: string, reason?: string, name?: string}} blocked */
export function whyWord(blocked) {
  if (blocked.why === 'taken') return blocked.name ? t('why_taken', { name: blocked.name }) : t('why_taken_hidden');
  if (blocked.why === 'holiday') return blocked.reason ? holidayWord(blocked.reason) : t('why_holiday');
  if (blocked.why === 'block') return blocked.reason || t('why_block');
  return t(blocked.why === 'lunch' ? 'why_lunch' : 'why_closed');
}

/** A holiday's name: known codes in our words, others as the server names them. @param {string} code @param {string} [name] */
export function holidayWord(code, name) {
  const key = 'holiday_' + code;
  const text = t(/** @type {any} */ (key));
  return text === key ? name || code.replaceAll('_', ' ') : text;
}

/** "1 h 30" @param {number} minutes */
export function spanWord(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return `${rest} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, '0')}` : `${hours} h`;
}

const SVG = 'http://www.w3.org/2000/svg';
const RING = 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z';

/** Paths on a 24-px grid; `dash` draws the outline broken, `fill` fills it. @type {Record<string, {d: string, dash?: boolean, fill?: boolean}>} */
const SHAPES = {
  requested: { d: RING + 'M12 8v4.4l2.8 1.8', dash: true },
  booked: { d: RING },
  confirmed: { d: RING + 'M8.3 12.2l2.5 2.5 5-5.2' },
  arrived: { d: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.5-3.8 3.3-6 7.5-6s7 2.2 7.5 6z', fill: true },
  in_care: { d: 'M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4zm-2.2 5.2 6.4 4-6.4 4z', fill: true },
  done: { d: 'M2.5 12.8l4.5 4.5L16.2 7.5M12 16.4l1 .9L21.5 8' },
  no_show: { d: RING + 'M9 9l6 6M15 9l-6 6' },
  left: { d: 'M13.5 4.5H6v15h7.5M11 12h9.5M17 8.5l3.5 3.5-3.5 3.5' },
  cancelled_by_patient: { d: RING + 'M6.2 6.2l11.6 11.6' },
  cancelled_by_clinic: { d: RING + 'M6.2 6.2l11.6 11.6' },
  fit_in: { d: 'M4 9h11v11H4zM9 9V4h11v11h-5' },
  first: { d: 'M12 3.5l2.5 5.3 5.8.7-4.3 4 1.2 5.7L12 16.4l-5.2 2.8L8 13.5l-4.3-4 5.8-.7z', fill: true },
};

/** @type {Map<string, SVGSVGElement>} */
const glyphs = new Map();

/** @param {string} name */
function drawGlyph(name) {
  const shape = SHAPES[name];
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'glyph' + (shape.fill ? ' glyph-fill' : ''));
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', shape.d);
  if (shape.fill) path.setAttribute('fill-rule', 'evenodd');
  if (shape.dash) path.setAttribute('stroke-dasharray', '3.2 2.6');
  svg.append(path);
  glyphs.set(name, svg);
  return svg;
}

/** @param {string} name a status, `fit_in` or `first` @returns {SVGSVGElement} */
export function glyph(name) {
  return /** @type {SVGSVGElement} */ ((glyphs.get(name) ?? drawGlyph(name)).cloneNode(true));
}

/** @type {HTMLLIElement | null} */
let prototype = null;

/** @param {string} name @param {string} className */
export function part(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

/** Writes only what differs: a page of hundreds is drawn again at every act. @param {Element} element @param {string} name @param {string} value */
export function write(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** @param {HTMLElement} element @param {string} name @param {string} value */
export function writeStyle({ style }, name, value) {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}

function makePrototype() {
  const item = /** @type {HTMLLIElement} */ (part('li', 'appt'));
  const main = part('button', 'appt-main');
  main.setAttribute('type', 'button');
  main.tabIndex = -1;
  // In the order of the accessible name; the state is put beside the time by the style sheet.
  main.append(part('span', 'appt-time'), part('span', 'appt-name'), part('span', 'appt-meta'), part('span', 'appt-state'));
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
  const [time, name, meta, state] = /** @type {any} */ (main.children);
  card.dataset.id = String(a.id);
  card.dataset.status = a.status;
  main.setAttribute('aria-label', cardName(item, tag?.name));
  // The spaces keep the words apart for whoever reads the text as one.
  time.textContent = clock(item.start) + ' ';
  name.textContent = item.name + ' ';
  state.replaceChildren(glyph(a.status), word('appt-word', statusWord(a.status)));
  fillMeta(meta, item, tag);
  fillQuick(card, item, around);
}

/** @param {string} className @param {string} text */
function word(className, text) {
  const span = part('span', className);
  span.textContent = text + ' ';
  return span;
}

/** @param {HTMLElement} meta @param {Item} item @param {{name: string, color: number} | undefined} tag */
function fillMeta(meta, { a }, tag) {
  meta.replaceChildren(...(a.kind === 'visit' ? [] : [word('appt-kind', kindWord(a.kind))]));
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
  span.append(glyph(name), text + ' ');
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
  button.title = stepWord(step);
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
  card.toggleAttribute('data-two', size === 'xs' && box.height >= 34);
  card.toggleAttribute('data-narrow', box.narrow);
  card.toggleAttribute('data-packed', box.lanes > 1 || box.narrow);
  card.toggleAttribute('data-freed', !item.holds);
}

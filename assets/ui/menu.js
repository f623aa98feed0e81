// A menu on a button: a popover placed beside its button, arrows to move, letters to jump.
import { h, replace, uid } from '../kernel/dom.js';
import { icon as iconOf } from './icon.js';

/** @typedef {string | (() => string)} Words */
/**
 * @typedef {object} MenuItem
 * @property {Words} [label]
 * @property {string} [icon]
 * @property {string} [href]
 * @property {string} [key]
 * @property {boolean} [danger]
 * @property {() => boolean} [checked] makes it a radio item
 * @property {boolean} [toggle] with `checked`: a check box, and the menu stays open for the next one
 * @property {() => void} [onSelect]
 * @property {true} [separator]
 * @property {Words} [group] a heading over the items that follow
 * @property {Node} [node] shown as it is
 */

/**
 * Opens under `anchor`, or above when there is more room; keeps inside the window.
 * @param {HTMLElement} anchor @param {HTMLElement} pop @param {'start' | 'end'} [align]
 */
export function place(anchor, pop, align = 'start') {
  const at = anchor.getBoundingClientRect();
  const size = pop.getBoundingClientRect();
  const below = window.innerHeight - at.bottom;
  const top = below >= size.height + 8 || below >= at.top ? at.bottom + 4 : at.top - size.height - 4;
  const left = align === 'end' ? at.right - size.width : at.left;
  pop.style.setProperty('top', `${clamp(top, window.innerHeight - size.height - 8)}px`);
  pop.style.setProperty('left', `${clamp(left, window.innerWidth - size.width - 8)}px`);
}

/** @param {number} value @param {number} max */
const clamp = (value, max) => Math.max(8, Math.min(value, max));

/** Where a popover goes: into the dialog of its button, for a modal makes the rest inert; else into the landmark around it. @param {HTMLElement} anchor */
export const hostOf = (anchor) => anchor.closest('dialog, .panel, main, .topbar, .plain-head') ?? document.body;

/**
 * Gives `anchor` a menu; items are built each time it opens.
 * @param {HTMLElement} anchor @param {() => (MenuItem | false | null | undefined)[]} items @param {{ align?: 'start' | 'end', label?: Words }} [options]
 */
export function menu(anchor, items, { align = 'start', label } = {}) {
  anchor.setAttribute('aria-haspopup', 'menu');
  anchor.setAttribute('aria-expanded', 'false');
  anchor.addEventListener('click', () => openMenu(anchor, items(), { align, label }));
  anchor.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    openMenu(anchor, items(), { align, label });
  });
  return anchor;
}

/** Opens a menu once, for example from a context key. @param {HTMLElement} anchor @param {(MenuItem | false | null | undefined)[]} items @param {{ align?: 'start' | 'end', label?: Words }} [options] */
export function openMenu(anchor, items, { align = 'start', label } = {}) {
  const name = label ?? anchor.getAttribute('aria-label') ?? anchor.textContent ?? '';
  const pop = h('div', { class: 'menu', role: 'menu', id: uid('menu'), popover: 'auto', 'aria-label': name, onKeydown: (/** @type {KeyboardEvent} */ event) => onKey(event, pop) },
    items.filter(Boolean).map((item) => entry(/** @type {MenuItem} */ (item), close)));
  /** @param {boolean} [refocus] */
  function close(refocus = true) {
    if (!pop.isConnected) return;
    if (refocus) anchor.focus();
    pop.hidePopover();
  }
  pop.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'closed') return;
    anchor.setAttribute('aria-expanded', 'false');
    pop.remove();
  });
  hostOf(anchor).append(pop);
  pop.showPopover();
  anchor.setAttribute('aria-expanded', 'true');
  place(anchor, pop, align);
  entries(pop)[0]?.focus();
}

/** @param {HTMLElement} pop */
const entries = (pop) => /** @type {HTMLElement[]} */ ([...pop.querySelectorAll('[role^="menuitem"]')]);

/** @param {MenuItem} item @param {(refocus?: boolean) => void} close */
function entry(item, close) {
  if (item.node) return item.node;
  if (item.separator) return h('div', { role: 'separator' });
  if (item.group) return h('div', { class: 'group', role: 'presentation' }, item.group);
  const role = !item.checked ? 'menuitem' : item.toggle ? 'menuitemcheckbox' : 'menuitemradio';
  const tick = item.checked && h('span', { class: 'tick', 'aria-hidden': 'true' });
  const pick = () => {
    if (!item.toggle) close();
    item.onSelect?.();
    if (item.toggle) show();
  };
  const content = [item.icon && iconOf(item.icon), h('span', { class: 'grow' }, item.label), item.key && h('kbd', { 'aria-hidden': 'true' }, item.key),
    tick];
  const props = { role, tabindex: '-1', class: item.danger ? 'danger' : undefined, onClick: pick };
  const node = item.href ? h('a', { ...props, href: item.href }, content) : h('button', { ...props, type: 'button' }, content);
  function show() {
    if (!item.checked || !tick) return;
    node.setAttribute('aria-checked', String(item.checked()));
    replace(tick, item.checked() && iconOf('check'));
  }
  show();
  return node;
}

/** @param {KeyboardEvent} event @param {HTMLElement} pop */
function onKey(event, pop) {
  const list = entries(pop);
  const at = list.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const moves = /** @type {Record<string, number>} */ ({ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 });
  if (event.key in moves) {
    event.preventDefault();
    list[(moves[event.key] + list.length) % list.length]?.focus();
  } else if (event.key === 'Tab') pop.hidePopover();
  else if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.stopPropagation();
    const typed = event.key.toLowerCase();
    [...list.slice(at + 1), ...list].find((node) => node.textContent?.trim().toLowerCase().startsWith(typed))?.focus();
  }
}

// What lies over the page: a veil that takes every click, the keyboard kept inside, the rest told to be away. Not by showModal():
// that makes every element of the page inert one by one, which on a full day of the agenda takes longer than a person waits.
import { h } from '../kernel/dom.js';

/** @typedef {{ veil: HTMLElement, node: HTMLDialogElement, hides: boolean, away: Element[] }} Layer */

/** @type {Layer[]} */
const layers = [];
const TABBABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** The lock is above all, also above what opens after it. */
const top = () => layers.find((layer) => layer.hides) ?? layers.at(-1);

/**
 * Shows a dialog over everything until the answer is called. Esc and a step back reach it as `cancel`. With `hides` nothing under it
 * can be seen, reached or read.
 * @param {HTMLDialogElement} node @param {{ focus: (node: HTMLElement) => void, hides?: boolean, onOutside?: () => void }} options @returns {() => void}
 */
export function layOver(node, { focus, hides = false, onOutside }) {
  for (const pop of document.querySelectorAll(':popover-open')) /** @type {HTMLElement} */ (pop).hidePopover();
  node.setAttribute('aria-modal', 'true');
  node.open = true;
  const veil = h('div', { class: ['over', hides && 'hides'] }, node);
  veil.addEventListener('pointerdown', (event) => event.target === veil && onOutside?.());
  // A click beside the dialog must not take the focus out of it.
  veil.addEventListener('mousedown', (event) => event.target === veil && event.preventDefault());
  const layer = { veil, node, hides, away: [...document.body.children].filter((other) => !other.hasAttribute('aria-hidden') && !/^(SCRIPT|LINK|NOSCRIPT)$/.test(other.tagName)) };
  if (!layers.length) watch(true);
  layers.push(layer);
  document.body.append(veil);
  if (hides) document.documentElement.toggleAttribute('data-covered', true);
  focus(node);
  // After the focus has left: what holds it cannot be hidden from those who listen.
  for (const other of layer.away) other.setAttribute('aria-hidden', 'true');
  return () => lift(layer);
}

/** @param {Layer} layer */
function lift(layer) {
  layers.splice(layers.indexOf(layer), 1);
  for (const other of layer.away) other.removeAttribute('aria-hidden');
  if (!layers.length) watch(false);
  document.documentElement.toggleAttribute('data-covered', layers.some((other) => other.hides));
  layer.node.close();
  layer.veil.remove();
}

/** @param {boolean} on */
function watch(on) {
  const change = on ? 'addEventListener' : 'removeEventListener';
  document[change]('keydown', /** @type {EventListener} */ (onKey));
  document[change]('focusin', onFocus);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const layer = top();
  if (!layer || event.defaultPrevented || event.isComposing) return;
  if (event.key === 'Tab') return keepInside(event, layer);
  // Esc in a menu or a calendar over the dialog closes that alone; the browser does it.
  if (event.key !== 'Escape' || layer.node.querySelector(':popover-open')) return;
  event.preventDefault();
  layer.node.dispatchEvent(new Event('cancel', { cancelable: true }));
}

/** @param {KeyboardEvent} event @param {Layer} layer */
function keepInside(event, { node }) {
  const stops = tabbable(node);
  const on = document.activeElement;
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (!stops.length || (on !== edge && node.contains(on))) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

/** Whatever reaches for the focus from below, or the browser's own bar, gives it back. @param {Event} event */
function onFocus(event) {
  const layer = top();
  if (layer && !layer.veil.contains(/** @type {Node} */ (event.target))) tabbable(layer.node)[0]?.focus();
}

/** @param {HTMLElement} node */
function tabbable(node) {
  const all = /** @type {HTMLElement[]} */ ([...node.querySelectorAll(TABBABLE)]);
  return all.filter((one) => one.tabIndex >= 0 && !one.matches(':disabled') && one.checkVisibility({ visibilityProperty: true, checkVisibilityCSS: true }));
}

// One icon of the sprite; decorative unless it has a label.
import { h } from '../kernel/dom.js';

const SPRITE = new URL('../icons.svg', import.meta.url).pathname;

/** @param {string | (() => string)} name @param {{ label?: string, size?: 'small' | 'large', class?: string }} [options] @returns {SVGElement} */
export function icon(name, { label, size, class: extra } = {}) {
  const href = typeof name === 'function' ? () => `${SPRITE}#${name()}` : `${SPRITE}#${name}`;
  const named = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };
  return /** @type {any} */ (h('svg', { class: ['icon', size, extra], viewBox: '0 0 24 24', focusable: 'false', ...named }, h('use', { href })));
}

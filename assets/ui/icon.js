// The small pictures: icons of the sprite, and people as initials in their colour.
import { h } from '../kernel/dom.js';

const SPRITE = new URL('../icons.svg', import.meta.url).pathname;
const TITLES = /^(dra?|sra?|prof[a]?)\.?\s+/i;
const PARTICLES = new Set(['de', 'da', 'do', 'das', 'dos', 'e']);

/** Decorative unless it has a label. @param {string | (() => string)} name @param {{ label?: string, size?: 'small' | 'large', class?: string }} [options] @returns {SVGElement} */
export function icon(name, { label, size, class: extra } = {}) {
  const href = typeof name === 'function' ? () => `${SPRITE}#${name()}` : `${SPRITE}#${name}`;
  const named = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };
  return /** @type {any} */ (h('svg', { class: ['icon', size, extra], viewBox: '0 0 24 24', focusable: 'false', ...named }, h('use', { href })));
}

/** Ana Beatriz Nogueira: AN. @param {string} name */
export function initials(name) {
  const words = name.replace(TITLES, '').split(/\s+/).filter((word) => word && !PARTICLES.has(word.toLowerCase()));
  const first = words[0]?.[0] ?? '';
  const last = words.length > 1 ? words[words.length - 1][0] : '';
  return (first + last).toLocaleUpperCase();
}

/** Decorative: the name always stands beside it. @param {{ name: string | (() => string), color?: number | null, size?: 'small' | 'large' }} options */
export function avatar({ name, color, size }) {
  const text = typeof name === 'function' ? () => initials(name()) : initials(name);
  // Drawn by the style sheet: letters of a picture are no text to read, copy or name a button by.
  return h('span', { class: ['avatar', size], 'data-pro': color ?? undefined, 'data-initials': text, 'aria-hidden': 'true' });
}

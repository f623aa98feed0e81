// Buttons: a label with an optional icon and key, or an icon alone with an accessible name.
import { h } from '../kernel/dom.js';
import { icon } from './icon.js';

/** @typedef {string | (() => string)} Words */
/**
 * @typedef {object} ButtonOptions
 * @property {Words} label
 * @property {string | (() => string)} [icon]
 * @property {'primary' | 'secondary' | 'danger' | 'danger primary' | 'ghost' | 'link'} [kind]
 * @property {boolean} [small]
 * @property {string} [key] shown as a key cap, and told to assistive technology
 * @property {(event: MouseEvent) => void} [onClick]
 * @property {'button' | 'submit'} [type]
 * @property {boolean | (() => boolean)} [disabled]
 * @property {boolean | (() => boolean)} [pressed]
 * @property {Record<string, any>} [props] anything else for the element
 */

/** @param {ButtonOptions} options @returns {HTMLButtonElement} */
export function button({ label, icon: name, kind = 'secondary', small, key, onClick, type = 'button', disabled, pressed, props }) {
  return h('button', { type, class: ['button', kind, small && 'small'], onClick, disabled, 'aria-pressed': state(pressed), 'aria-keyshortcuts': key, ...props },
    name && icon(name, { size: 'small' }), h('span', null, label), key && h('kbd', { 'aria-hidden': 'true' }, key));
}

/** @param {ButtonOptions} options @returns {HTMLButtonElement} */
export function iconButton({ label, icon: name, kind = 'ghost', small, key, onClick, type = 'button', disabled, pressed, props }) {
  const title = key ? () => `${typeof label === 'function' ? label() : label} (${key})` : label;
  return h('button', { type, class: ['button', 'icon-only', kind, small && 'small'], 'aria-label': label, title, 'aria-keyshortcuts': key, onClick, disabled, 'aria-pressed': state(pressed), ...props }, icon(name ?? 'more'));
}

/** A link that looks like a button. @param {{ label: Words, href: string | (() => string), icon?: string, kind?: string, small?: boolean, props?: Record<string, any> }} options */
export function linkButton({ label, href, icon: name, kind = 'secondary', small, props }) {
  return h('a', { href, class: ['button', kind, small && 'small'], ...props }, name && icon(name, { size: 'small' }), h('span', null, label));
}

/** aria-pressed needs the word false; leaving it out means "not a toggle". @param {boolean | (() => boolean) | undefined} pressed */
function state(pressed) {
  if (pressed === undefined) return undefined;
  return typeof pressed === 'function' ? () => (pressed() ? 'true' : 'false') : pressed ? 'true' : 'false';
}

/**
 * A row of which one is chosen. @template {string} V
 * @param {{ label: Words, options: { value: V, label: Words, icon?: string }[], value: () => V, onChange: (value: V) => void }} options
 */
export function segments({ label, options, value, onChange }) {
  return h('div', { class: 'segments', role: 'group', 'aria-label': label }, options.map((option) =>
    h('button', { type: 'button', 'aria-pressed': () => (value() === option.value ? 'true' : 'false'), onClick: () => onChange(option.value) },
      option.icon && icon(option.icon, { size: 'small' }), option.label)));
}

// What a place is for, when there is nothing in it yet, and the next act.
import { h } from '../kernel/dom.js';
import { icon } from './icon.js';

/** @param {{ icon?: string, title: string | (() => string), text?: string | (() => string), action?: Node, level?: 2 | 3 }} options */
export function empty({ icon: name, title, text, action, level = 2 }) {
  return h('div', { class: 'empty' }, name && icon(name), h(`h${level}`, null, title), text && h('p', null, text), action);
}

// A table of records: native, sticky head, the first cell opens the row, columns that give way on small screens.
import { each, h } from '../kernel/dom.js';

/** @typedef {string | (() => string)} Words */
/**
 * @template T @typedef {object} Column
 * @property {Words} label @property {(item: T) => import('../kernel/dom.js').Children} cell
 * @property {boolean} [end] numbers and actions go to the right
 * @property {'narrow' | 'medium'} [hide] gone on phones, or below 1,024 px too
 * @property {boolean} [hideLabel] kept for assistive technology only
 */

/**
 * @template T
 * @param {object} options
 * @param {Words} options.caption what the table lists, for assistive technology
 * @param {() => readonly T[]} options.items
 * @param {(item: T) => string | number} options.key
 * @param {Column<T>[]} options.columns
 * @param {(item: T) => string} [options.href] the row is a link to this
 * @param {(item: T) => void} [options.onOpen] or opens by this
 */
export function table({ caption, items, key, columns, href, onOpen }) {
  const body = h('tbody');
  each(body, items, key, (item) => h('tr', null, columns.map((column, index) => {
    const content = () => /** @type {any} */ (column.cell(item.value));
    return h(index === 0 ? 'th' : 'td', { class: classes(column), scope: index === 0 ? 'row' : undefined }, index === 0 ? opener(item, content, href, onOpen) : content);
  })));
  // Rows that lead nowhere leave nothing to hold on to, yet a long list must be scrolled by keyboard too.
  const still = href || onOpen ? {} : { tabindex: '0', role: 'region', 'aria-label': caption };
  return h('div', { class: 'table-box', ...still }, h('table', { class: 'table' }, h('caption', { class: 'visually-hidden' }, caption),
    h('thead', null, h('tr', null, columns.map((column) => h('th', { scope: 'col', class: classes(column) }, column.hideLabel ? h('span', { class: 'visually-hidden' }, column.label) : column.label)))), body));
}

/** @param {Column<any>} column */
const classes = (column) => [column.end && 'end', column.hide && `hide-${column.hide}`];

/** @template T @param {import('../kernel/signal.js').Signal<T>} item @param {() => any} content @param {((item: T) => string) | undefined} href @param {((item: T) => void) | undefined} onOpen */
function opener(item, content, href, onOpen) {
  if (href) return h('a', { class: 'row-link', href: () => href(item.value) }, content);
  if (onOpen) return h('button', { type: 'button', class: 'row-link', onClick: () => onOpen(item.peek()) }, content);
  return content;
}

// The left of the top bar on pages below the list: the way back, and the title where the page itself has none.
import { h } from '../../kernel/dom.js';
import { icon } from '../../ui/icon.js';
import { t } from './person-words.js';

/** @param {{ href?: string, title?: () => string }} [options] without a title the page holds its own h1 */
export function backHeader({ href = '/contacts', title } = {}) {
  if (!title) return h('a', { class: 'button ghost back-link', href, 'data-back': '' }, icon('left', { size: 'small' }), h('span', null, () => t('back_to_list')));
  return h('div', { class: 'back-title' }, h('a', { class: 'button ghost icon-only', href, 'data-back': '', 'aria-label': () => t('back'), title: () => t('back') }, icon('left')), h('h1', null, title));
}

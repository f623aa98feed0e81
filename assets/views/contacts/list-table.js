// The table of patients with its empty states, the reload button after a failure and "load more".
import { each, h } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { button, linkButton } from '../../ui/button.js';
import { empty } from '../../ui/empty.js';
import { skeleton } from '../../ui/skeleton.js';
import { can } from '../../api/session.js';
import { listRow } from './list-row.js';
import { t, word } from './person-words.js';

const COLUMNS = /** @type {const} */ (['name', 'birth', 'cpf', 'phone', 'visits', 'status']);

/** @typedef {{ listing: import('./listing.js').Listing, onAdd: (text?: string) => void, onClear: () => void }} Options */

/** @param {Options} options */
export function listTable(options) {
  const { listing } = options;
  const state = computed(() => {
    const { phase, shown, answered } = listing;
    if (phase.value === 'failed' && !shown.value.length) return 'failed';
    if (shown.value.length) return 'rows';
    if (phase.value === 'loading') return answered.value ? 'waiting' : 'first';
    return 'empty';
  });
  return h('div', { class: 'contact-list', 'aria-busy': () => (listing.phase.value === 'loading' ? 'true' : 'false') },
    table(listing, () => state.value === 'rows'),
    () => {
      if (state.value === 'first' || state.value === 'waiting') return skeleton({ lines: 8 });
      if (state.value === 'failed') return failed(listing);
      return state.value === 'empty' && nothing(options);
    },
    () => state.value === 'rows' && listing.phase.value === 'failed' && h('p', { class: 'note bad', role: 'alert' }, () => t('list_failed')),
    h('div', { class: 'more-row', hidden: () => state.value !== 'rows' || !listing.next.value },
      button({ label: () => (listing.adding.value ? t('loading') : t('load_more')), onClick: () => void listing.more(), props: { 'aria-busy': () => (listing.adding.value ? 'true' : null) } })));
}

/** @param {import('./listing.js').Listing} listing @param {() => boolean} visible */
function table(listing, visible) {
  const body = h('tbody', { role: 'rowgroup' });
  each(body, () => listing.shown.value, (row) => row.id, (item) => listRow(item, () => listing.query.value));
  const head = COLUMNS.map((name) => h('th', { role: 'columnheader', scope: 'col', class: `cell-${name}` }, () => t(`col_${name}`)));
  // Roles are said because the phone's layout turns rows into cards, and display would take their meaning away.
  return h('table', { class: 'table contact-table', role: 'table', 'aria-label': () => t('table'), hidden: () => !visible(), onKeydown: moveOverRows },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)), body);
}

/** @param {KeyboardEvent} event */
function moveOverRows(event) {
  const table = /** @type {HTMLElement} */ (event.currentTarget);
  const links = /** @type {HTMLElement[]} */ ([...table.querySelectorAll('.row-link')]);
  const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const moves = /** @type {Record<string, number>} */ ({ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 });
  if (at < 0 || !(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const target = links[moves[event.key]];
  if (target) target.focus();
  else if (event.key === 'ArrowUp') focusSearch();
}

export const focusSearch = () => /** @type {HTMLInputElement | null} */ (document.querySelector('.contact-search input'))?.select();

/** @param {import('./listing.js').Listing} listing */
const failed = (listing) =>
  empty({ icon: 'warning', title: () => t('list_failed'), text: () => t('list_failed_text'), action: button({ label: () => t('retry'), onClick: () => void listing.load() }) });

/** @param {Options} options */
function nothing({ listing, onAdd, onClear }) {
  const { search, status } = listing.answered.value ?? { search: '', status: '' };
  const clear = button({ label: () => t('show_all'), onClick: onClear });
  if (search) {
    const add = can('edit_contacts') && button({ label: () => t('none_add', { text: search }), icon: 'person-plus', kind: 'primary', onClick: () => onAdd(search) });
    return empty({ icon: 'search', title: () => t('none_title', { text: search }), text: () => t('none_text'), action: h('div', { class: 'button-row' }, add, status && clear) });
  }
  if (status) return empty({ icon: 'filter', title: () => t('none_status', { status: word('status', status) }), action: clear });
  const actions = can('edit_contacts') && h('div', { class: 'button-row' },
    button({ label: () => t('new'), icon: 'person-plus', kind: 'primary', onClick: () => onAdd() }),
    can('import_contacts') && linkButton({ label: () => t('empty_import'), icon: 'import', href: '/contacts/import' }));
  return empty({ icon: 'people', title: () => t('empty_title'), text: () => t('empty_text'), action: actions || undefined });
}

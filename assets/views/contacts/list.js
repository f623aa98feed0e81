// The page of patients: search, filter by status, the list, and adding one without leaving.
import { h } from '../../kernel/dom.js';
import { effect, onDispose } from '../../kernel/signal.js';
import { connection, onAct, onResync } from '../../api/events.js';
import { can } from '../../api/session.js';
import { registerActions, registerKeys } from '../../shell/keys.js';
import { button, iconButton, linkButton, segments } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { STATUSES } from './fields.js';
import { createListing } from './listing.js';
import { focusSearch, listTable } from './list-table.js';
import { openQuickAdd } from './quick-add.js';
import { t, word } from './person-words.js';

/** @typedef {import('./listing.js').Listing} Listing */
/** How far down the list was when it was left. @typedef {{ rows: number, top: number }} Left */

/** @param {import('../../router.js').Context} ctx @returns {import('../../router.js').View} */
export function listPage(ctx) {
  const asked = ctx.query.peek();
  const left = /** @type {Left | undefined} */ (history.state?.list);
  const listing = createListing({ search: asked.get('search') ?? '', status: asked.get('status') ?? '', rows: left?.rows });
  const add = (/** @type {string} */ text = '') =>
    void openQuickAdd({ text, onAdded: () => void listing.load(true), navigate: (to) => void ctx.navigate(to) });
  const box = searchBox(listing);
  const clear = () => {
    listing.query.value = '';
    listing.filter('');
    box.querySelector('input')?.focus();
  };
  keepAddress(listing);
  follow(listing);
  shortcuts(add);
  openWhenAsked(ctx, add);
  void listing.load(true);
  keepPlace(listing, left);
  const node = h('div', { class: 'page contacts-page' }, h('div', { class: 'contacts-box' },
    h('div', { class: 'contacts-bar' }, box, statusFilter(listing), h('div', { class: 'button-row end' },
      can('import_contacts') && linkButton({ label: () => t('import'), icon: 'import', href: '/contacts/import' }),
      can('edit_contacts') && button({ label: () => t('new'), icon: 'person-plus', kind: 'primary', key: 'N', onClick: () => add() }))),
    count(listing),
    listTable({ listing, onAdd: add, onClear: clear })));
  return { node, title: () => t('title'), dispose: listing.stop };
}

/** @param {Listing} listing */
function searchBox(listing) {
  const input = h('input', {
    type: 'search', class: 'input', value: () => listing.query.value, autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search',
    'aria-label': () => t('search_label'), placeholder: () => t('search_hint'), 'aria-keyshortcuts': '/',
    onInput: () => listing.search(input.value), onKeydown,
  });
  /** @param {KeyboardEvent} event */
  function onKeydown(event) {
    if (event.key === 'Escape' && input.value) {
      event.preventDefault();
      listing.search('');
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      firstRow()?.focus();
    } else if (event.key === 'Enter' && listing.shown.peek().length === 1 && listing.phase.peek() === 'ready') firstRow()?.click();
  }
  const wipe = iconButton({ icon: 'close', label: () => t('clear'), small: true, onClick: () => {
    listing.search('');
    input.focus();
  }, props: { hidden: () => !listing.query.value } });
  return h('div', { class: 'control-box contact-search', role: 'search' }, icon('search', { size: 'small' }), input, wipe, h('kbd', { 'aria-hidden': 'true', hidden: () => Boolean(listing.query.value) }, '/'));
}

const firstRow = () => /** @type {HTMLElement | null} */ (document.querySelector('.contact-table .row-link'));

/** @param {Listing} listing */
const statusFilter = (listing) => segments({
  label: () => t('filter_status'), value: () => listing.status.value, onChange: (value) => listing.filter(value),
  options: [{ value: '', label: () => t('filter_all') }, ...STATUSES.map((value) => ({ value: /** @type {string} */ (value), label: () => word('status_filter', value) }))],
});

/** @param {Listing} listing */
const count = (listing) => h('p', { class: 'contacts-count muted', role: 'status' }, () => {
  const { length } = listing.shown.value;
  if (listing.phase.value === 'loading') return listing.answered.value ? t('searching') : '';
  if (listing.phase.value !== 'ready' || !length) return '';
  return listing.next.value ? t('found_some', { count: length }) : t('found', { count: length });
});

/** The address holds the search, so that coming back from a patient finds it again. @param {Listing} listing */
function keepAddress(listing) {
  effect(() => {
    const url = new URL(location.href);
    if (url.pathname !== '/contacts') return;
    for (const [name, value] of [['search', listing.query.value], ['status', listing.status.value]]) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (url.href !== location.href) history.replaceState(history.state, '', url);
  });
}

/** Coming back finds the list as it was left: its entry in the history remembers how far down it was. @param {Listing} listing @param {Left | undefined} left */
function keepPlace(listing, left) {
  let timer = 0;
  const note = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const host = document.getElementById('content');
      if (location.pathname === '/contacts' && host) history.replaceState({ ...history.state, list: { rows: listing.shown.peek().length, top: host.scrollTop } }, '');
    }, 100);
  };
  document.addEventListener('scroll', note, { capture: true, passive: true });
  onDispose(() => {
    document.removeEventListener('scroll', note, { capture: true });
    clearTimeout(timer);
  });
  if (!left?.top) return;
  let done = false;
  effect(() => {
    if (done || listing.phase.value !== 'ready') return;
    done = true;
    requestAnimationFrame(() => document.getElementById('content')?.scrollTo({ top: left.top }));
  });
}

/** @param {Listing} listing */
function follow(listing) {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void listing.load(true), 250);
  };
  onDispose(onAct((act) => (act.entity === 'contact' || act.entity === 'import') && soon()));
  onDispose(onResync(soon));
  effect(() => {
    if (connection.value === 'live' && listing.phase.peek() === 'failed') soon();
  });
  onDispose(() => clearTimeout(timer));
}

/** @param {(text?: string) => void} add */
function shortcuts(add) {
  const group = () => t('title');
  const mayAdd = () => can('edit_contacts');
  registerKeys([
    { key: 'n', label: () => t('new'), group, run: () => add(), when: mayAdd },
    { key: '/', label: () => t('search_label'), group, run: focusSearch },
  ]);
  if (mayAdd()) registerActions([{ label: () => t('new'), icon: 'person-plus', key: 'N', run: () => add() }]);
}

/** /contacts?new=1 opens the panel: other pages send people here to add one. @param {import('../../router.js').Context} ctx @param {(text?: string) => void} add */
function openWhenAsked(ctx, add) {
  effect(() => {
    const wanted = ctx.query.value.get('new');
    if (wanted === null || !can('edit_contacts')) return undefined;
    const text = ctx.query.value.get('name') ?? '';
    // The panel's place exists only once this page stands in the frame.
    const timer = setTimeout(() => {
      history.replaceState(history.state, '', '/contacts');
      add(text);
    });
    return () => clearTimeout(timer);
  });
}

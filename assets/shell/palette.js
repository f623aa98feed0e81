// Ctrl+K: patients by the server's search, dates by what is typed, and acts, in one box.
import { h, loadStyle, uid } from '../kernel/dom.js';
import { signal } from '../kernel/signal.js';
import { get } from '../api/client.js';
import { fold } from '../base/search.js';
import { can, lock } from '../api/session.js';
import { fmt, t } from '../i18n/index.js';
import { navigate } from '../router.js';
import { parseDate } from '../ui/date-field.js';
import { dialog } from '../ui/dialog.js';
import { icon } from '../ui/icon.js';
import { formatCpf, formatPhone } from '../ui/masks.js';
import { actions } from './keys.js';
import { PLACES, openHelp } from './shell.js';

await loadStyle('overlay');

/** @typedef {{ id: string, group: string, label: string, detail?: string, icon: string, key?: string, run: () => void }} Entry */

/** @param {import('./keys.js').Action} action @param {number} index @returns {Entry} */
function fromAction(action, index) {
  const label = typeof action.label === 'function' ? action.label() : action.label;
  return { id: `a${index}`, group: t('palette_actions'), label, icon: action.icon ?? 'arrow-right', key: action.key, run: () => (action.href ? void navigate(action.href) : action.run?.()) };
}

/** @returns {Entry[]} */
function acts() {
  const own = actions.peek();
  const known = new Set(own.map((action) => (typeof action.label === 'function' ? action.label() : action.label)));
  const general = [
    can('edit_appointments') && { label: t('new_appointment'), icon: 'plus', href: '/agenda?new=1' },
    can('edit_contacts') && { label: t('new_contact'), icon: 'person-plus', href: '/contacts?new=1' },
    ...PLACES.filter((place) => can(place.permission)).map((place) => ({ label: t(place.name), icon: place.icon, href: place.href })),
    { label: t('shortcuts_help'), icon: 'keyboard', run: openHelp },
    { label: t('lock'), icon: 'lock', run: () => void lock() },
  ];
  const list = /** @type {import('./keys.js').Action[]} */ (general.filter((one) => one && !known.has(/** @type {any} */ (one).label)));
  return [...own, ...list].map(fromAction);
}

/** @param {any} contact @returns {Entry} */
function fromContact(contact) {
  const detail = [contact.birth_date && fmt.date(contact.birth_date), contact.cpf && formatCpf(contact.cpf), contact.phone && formatPhone(contact.phone)].filter(Boolean).join(' · ');
  return { id: `c${contact.id}`, group: t('contacts'), label: contact.display_name, detail, icon: 'person', run: () => void navigate(`/contacts/${contact.id}`) };
}

/** @param {string} text @returns {Entry[]} */
function dates(text) {
  const day = text.trim() ? parseDate(text) : null;
  if (!day || !can('view_appointments')) return [];
  return [{ id: 'd', group: t('agenda'), label: fmt.weekdayDate(day), detail: day.slice(0, 4), icon: 'calendar', run: () => void navigate(`/agenda?date=${day}`) }];
}

/** Acts whose every typed word starts one of theirs. @param {string} text @returns {Entry[]} */
function matching(text) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  return acts().filter((entry) => words.every((word) => fold(entry.label).split(/\s+/).some((part) => part.startsWith(word))));
}

/** Looks patients up while typing; an answer that was overtaken is dropped. @param {(found: any[] | null) => void} done */
function patientSearch(done) {
  let timer = 0;
  /** @type {AbortController | null} */
  let running = null;
  return (/** @type {string} */ text) => {
    clearTimeout(timer);
    running?.abort();
    if (text.trim().length < 2 || !can('view_contacts')) {
      done([]);
      return;
    }
    const mine = new AbortController();
    running = mine;
    timer = window.setTimeout(() => get('/api/contacts', { search: text.trim(), limit: 8 }, { signal: mine.signal })
      .then((answer) => done(answer.items), () => mine.signal.aborted || done(null)), 60);
  };
}

let open = false;

export function showPalette() {
  if (open) return;
  open = true;
  const listId = uid('palette');
  const text = signal('');
  const found = signal(/** @type {any[] | null} */ ([]));
  const at = signal(0);
  const search = patientSearch((list) => {
    found.value = list;
    at.value = 0;
  });
  const entries = () => [...dates(text.value), ...(found.value ?? []).map(fromContact), ...matching(text.value)].slice(0, 24);
  const opened = dialog({ title: t('search'), light: true, body: (close) => paletteBody({ listId, text, at, entries, search, close, failed: () => found.value === null }) });
  opened.node.classList.add('palette');
  void opened.closed.then((run) => {
    open = false;
    run?.();
  });
}

/**
 * @param {object} parts
 * @param {string} parts.listId @param {import('../kernel/signal.js').Signal<string>} parts.text @param {import('../kernel/signal.js').Signal<number>} parts.at
 * @param {() => Entry[]} parts.entries @param {(text: string) => void} parts.search @param {(run?: () => void) => void} parts.close @param {() => boolean} parts.failed
 */
function paletteBody({ listId, text, at, entries, search, close, failed }) {
  const optionId = (/** @type {Entry | undefined} */ entry) => (entry ? `${listId}-${entry.id}` : null);
  const input = h('input', {
    class: 'palette-input', type: 'text', role: 'combobox', autofocus: true, autocomplete: 'off', spellcheck: 'false', placeholder: t('palette_placeholder'), 'aria-label': t('search_open'),
    'aria-expanded': 'true', 'aria-controls': listId, 'aria-autocomplete': 'list', 'aria-activedescendant': () => optionId(entries()[at.value]),
    onInput: () => {
      text.value = input.value;
      at.value = 0;
      search(input.value);
    },
    onKeydown: (/** @type {KeyboardEvent} */ event) => {
      const list = entries();
      const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (move) at.value = (at.peek() + move + list.length) % (list.length || 1);
      else if (event.key === 'Enter' && list[at.peek()]) close(list[at.peek()].run);
      else return;
      event.preventDefault();
    },
  });
  const option = (/** @type {Entry} */ entry, /** @type {number} */ index) => h('div', {
    role: 'option', id: optionId(entry), class: 'palette-option', 'aria-selected': () => (at.value === index ? 'true' : 'false'), onClick: () => close(entry.run), onPointermove: () => (at.value = index),
    ref: (/** @type {HTMLElement} */ node) => queueMicrotask(() => at.peek() === index && node.scrollIntoView?.({ block: 'nearest' })),
  }, icon(entry.icon), h('span', { class: 'grow' }, entry.label, entry.detail && h('small', null, entry.detail)), entry.key && h('kbd', { 'aria-hidden': 'true' }, entry.key));
  return [
    h('div', { class: 'palette-box' }, icon('search'), input),
    h('div', { role: 'listbox', id: listId, class: 'palette-list', 'aria-label': t('palette_results') }, () => grouped(entries(), option)),
    h('p', { class: 'palette-empty', role: 'status' }, () => (failed() ? t('palette_failed') : text.value && !entries().length ? t('palette_nothing', { text: text.value }) : '')),
  ];
}

/** @param {Entry[]} list @param {(entry: Entry, index: number) => Node} option */
function grouped(list, option) {
  /** @type {Map<string, Node[]>} */
  const groups = new Map();
  list.forEach((entry, index) => groups.set(entry.group, [...(groups.get(entry.group) ?? []), option(entry, index)]));
  return [...groups].map(([name, nodes]) => h('div', { role: 'group', 'aria-label': name }, h('div', { class: 'palette-group', 'aria-hidden': 'true' }, name), nodes));
}

// Keyboard shortcuts: one listener, registered by the page that is open; single letters rest in fields and can be switched off.
import { onDispose, signal } from '../kernel/signal.js';
import { user } from '../api/session.js';
import { t } from '../i18n/index.js';
import { undoLast } from '../ui/toast.js';

/** @typedef {string | (() => string)} Words */
/**
 * @typedef {object} Shortcut
 * @property {string} key 'n', '?', 'Ctrl+K', 'Alt+ArrowUp', 'ArrowLeft'
 * @property {Words} label for the help and the palette
 * @property {Words} [group] heading in the help
 * @property {() => void | boolean} run false leaves the key to the browser
 * @property {() => boolean} [when]
 */
/** An entry of the palette. @typedef {{ label: Words, icon?: string, key?: string, words?: string, href?: string, run?: () => void }} Action */

export const shortcuts = signal(/** @type {readonly Shortcut[]} */ ([]));
export const actions = signal(/** @type {readonly Action[]} */ ([]));

/**
 * Registers shortcuts until the running view or effect ends. Of two for one key the later one wins; those of the frame, which
 * may come after those of its first page, are `beneath` all others.
 * @param {Shortcut[]} list @param {{ beneath?: boolean }} [options] @returns {() => void}
 */
export function registerKeys(list, { beneath = false } = {}) {
  shortcuts.value = beneath ? [...list, ...shortcuts.peek()] : [...shortcuts.peek(), ...list];
  const dispose = () => void (shortcuts.value = shortcuts.peek().filter((one) => !list.includes(one)));
  onDispose(dispose);
  return dispose;
}

/** Registers entries of the palette until the running view or effect ends. @param {Action[]} list @returns {() => void} */
export function registerActions(list) {
  actions.value = [...actions.peek(), ...list];
  const dispose = () => void (actions.value = actions.peek().filter((one) => !list.includes(one)));
  onDispose(dispose);
  return dispose;
}

/** @param {KeyboardEvent} event */
function nameOf(event) {
  const parts = [(event.ctrlKey || event.metaKey) && 'Ctrl', event.altKey && 'Alt', event.shiftKey && event.key.length > 1 && 'Shift'];
  return [...parts.filter(Boolean), event.key.length === 1 ? event.key.toLowerCase() : event.key].join('+');
}

/** @param {string} key */
const normal = (key) => key.split('+').map((part) => (part.length === 1 ? part.toLowerCase() : part)).join('+') || '+';

/** @param {EventTarget | null} target */
const typing = (target) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const plain = !/^(Ctrl|Alt)\+/.test(name);
  if (plain && (typing(event.target) || (event.key.length === 1 && user.peek()?.single_key_shortcuts === false))) return;
  // Behind a dialog, a menu or the lock the page is not there.
  if (document.querySelector('dialog[open], .menu:popover-open')) return;
  const found = [...shortcuts.peek()].reverse().find((one) => normal(one.key) === name && (one.when?.() ?? true));
  if (found && found.run() !== false) event.preventDefault();
}

/** @param {{ openPalette: () => void, openHelp: () => void }} open */
export function globalKeys({ openPalette, openHelp }) {
  document.addEventListener('keydown', onKey);
  onDispose(() => document.removeEventListener('keydown', onKey));
  const group = () => t('shortcuts_general');
  registerKeys([
    { key: 'Ctrl+K', label: () => t('search_open'), group, run: openPalette },
    { key: '/', label: () => t('search'), group, run: openPalette },
    { key: '?', label: () => t('shortcuts_help'), group, run: openHelp },
    { key: 'Ctrl+Z', label: () => t('undo'), group, run: () => undoLast() },
  ], { beneath: true });
}

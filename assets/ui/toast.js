// One short message at a time, with undo for 8 seconds; a single polite live region says it.
import { h, replace } from '../kernel/dom.js';
import { t } from '../i18n/index.js';
import { button, iconButton } from './button.js';

/** @type {HTMLElement | null} */
let host = null;
/** @type {HTMLElement | null} */
let region = null;
let timer = 0;
/** @type {(() => void) | null} */
let undoNow = null;

/** Under a dialog nothing is heard nor pressed, so both stand in the one on top and go home when it closes. @returns {boolean} whether they moved */
function ensureHost() {
  region ??= h('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  host ??= h('div', { class: 'toast-host' });
  const top = [...document.querySelectorAll('dialog.dialog[open]')].at(-1);
  const home = top ?? document.body;
  if (host.parentNode === home) return false;
  // They may have been put away with the page under a dialog.
  for (const part of [region, host]) part.removeAttribute('aria-hidden');
  home.append(region, host);
  top?.addEventListener('close', () => region && host && document.body.append(region, host), { once: true });
  return true;
}

/** Says something to assistive technology only. @param {string} text */
export function announce(text) {
  const moved = ensureHost();
  if (!region) return;
  // A no-break space makes the same sentence twice count as a change.
  const words = region.textContent === text ? text + '\u00a0' : text;
  const write = () => void (region && (region.textContent = words));
  if (!moved) return write();
  // A region in a new place must be there before its words are.
  region.textContent = '';
  setTimeout(write, 60);
}

export function hideToast() {
  clearTimeout(timer);
  undoNow = null;
  if (host) host.textContent = '';
}

/** Undoes what the toast on screen offers to undo (Ctrl+Z). @returns {boolean} */
export function undoLast() {
  const act = undoNow;
  if (!act) return false;
  hideToast();
  act();
  return true;
}

/** @param {{ text: string, undo?: () => void | Promise<void>, action?: { label: string, onClick: () => void }, ms?: number }} options */
export function toast({ text, undo, action, ms = undo || action ? 8000 : 5000 }) {
  ensureHost();
  hideToast();
  if (!host) return;
  if (undo) undoNow = () => void Promise.resolve(undo()).then(() => toast({ text: t('undone') }), () => {});
  const act = undo ? { label: t('undo'), onClick: () => void undoLast() } : action;
  const box = h('div', { class: 'toast', role: 'group', 'aria-label': text }, h('p', null, text),
    act && button({ label: act.label, kind: 'ghost', onClick: act.onClick, key: undo ? 'Ctrl+Z' : undefined, props: { class: 'button act' } }),
    iconButton({ icon: 'close', label: t('close'), onClick: hideToast }));
  replace(host, box);
  announce(text);
  const start = () => (timer = window.setTimeout(hideToast, ms));
  // The clock stands still while someone is on it.
  for (const type of ['pointerenter', 'focusin']) box.addEventListener(type, () => clearTimeout(timer));
  for (const type of ['pointerleave', 'focusout']) box.addEventListener(type, start);
  start();
}

// Dialogs over the page: focus goes in and comes back, Esc closes, unsaved text asks first.
import { h, uid } from '../kernel/dom.js';
import { scope } from '../kernel/signal.js';
import { t } from '../i18n/index.js';
import { button, iconButton } from './button.js';
import { layOver } from './over.js';

/** @typedef {{ close: (result?: any) => void, node: HTMLDialogElement, closed: Promise<any> }} Dialog */
/**
 * @typedef {object} DialogOptions
 * @property {string} title
 * @property {(close: (result?: any) => void) => import('../kernel/dom.js').Children} body
 * @property {(close: (result?: any) => void) => import('../kernel/dom.js').Children} [foot]
 * @property {'narrow' | 'wide'} [size]
 * @property {'dialog' | 'alertdialog'} [role]
 * @property {() => boolean | Promise<boolean>} [mayClose] asked before Esc or the cross close it
 * @property {boolean} [light] a click beside it closes it too
 */

/** @param {DialogOptions} options @returns {Dialog} */
export function dialog({ title, body, foot, size, role, mayClose = () => true, light = false }) {
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  const titleId = uid('dialog');
  /** @type {(result?: any) => void} */
  let settle = () => {};
  const closed = new Promise((resolve) => (settle = resolve));
  const made = scope(() => {
    const parts = body(close);
    return h('dialog', { class: ['dialog', size], role, 'aria-labelledby': titleId },
      h('div', { class: 'dialog-head' }, h('h2', { id: titleId }, title), iconButton({ icon: 'close', label: t('close'), onClick: ask })),
      h('div', { class: 'dialog-body' }, parts),
      foot && h('div', { class: 'dialog-foot' }, foot(close)));
  }, { detached: true });
  const node = made.value;
  let done = false;

  /** @param {any} [result] */
  function close(result) {
    if (done) return;
    done = true;
    lift();
    made.dispose();
    if (opener?.isConnected) opener.focus();
    settle(result);
  }
  async function ask() {
    if (await mayClose()) close();
  }
  node.addEventListener('cancel', () => void ask());
  const lift = layOver(node, { focus: firstFocus, onOutside: light ? () => void ask() : undefined });
  return { close, node, closed };
}

/** The field or the act, not the cross: what the person came for. @param {HTMLElement} node */
function firstFocus(node) {
  const wanted = node.querySelector('[autofocus], .dialog-body :is(input, select, textarea, button, a[href]), .dialog-foot button') ?? node.querySelector('button');
  if (wanted instanceof HTMLElement) wanted.focus();
}

/** @param {{ title: string, text?: string, action: string, cancel?: string, danger?: boolean }} options @returns {Promise<boolean>} */
export async function confirm({ title, text, action, cancel = t('cancel'), danger = false }) {
  const opened = dialog({
    title, size: 'narrow', role: 'alertdialog',
    body: () => text && h('p', null, text),
    foot: (close) => [
      button({ label: cancel, onClick: () => close(false), props: { autofocus: true } }),
      button({ label: action, kind: danger ? 'danger primary' : 'primary', onClick: () => close(true) }),
    ],
  });
  return Boolean(await opened.closed);
}

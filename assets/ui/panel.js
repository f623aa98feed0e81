// The right-hand panel: details beside the page, one at a time; the whole screen on phones.
import { h, uid } from '../kernel/dom.js';
import { scope, signal } from '../kernel/signal.js';
import { t } from '../i18n/index.js';
import { iconButton } from './button.js';

/** @typedef {string | (() => string)} Words */
/** @typedef {{ close: (options?: { force?: boolean }) => Promise<boolean>, node: HTMLElement }} Panel */

/** @type {Panel | null} */
let current = null;
const openState = signal(false);
/** True while a panel is open. @type {import('../kernel/signal.js').ReadSignal<boolean>} */
export const panelOpen = openState;
const roomState = signal(false);
/** True while a panel has room of its own. @type {import('../kernel/signal.js').ReadSignal<boolean>} */
export const panelHasRoom = roomState;

/**
 * @param {object} options
 * @param {Words} options.title
 * @param {Words} [options.subtitle]
 * @param {(close: (options?: { force?: boolean }) => Promise<boolean>) => import('../kernel/dom.js').Children} options.body
 * @param {(close: (options?: { force?: boolean }) => Promise<boolean>) => import('../kernel/dom.js').Children} [options.foot]
 * @param {() => import('../kernel/dom.js').Children} [options.actions] beside the cross
 * @param {() => boolean | Promise<boolean>} [options.mayClose] asked when unsaved text could be lost
 * @param {() => void} [options.onClose]
 * @param {'heading' | 'first' | 'none'} [options.focus]
 * @returns {Promise<Panel | null>} null when the panel before it refused to close
 */
export async function openPanel({ title, subtitle, body, foot, actions, mayClose = () => true, onClose, focus = 'heading' }) {
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  if (!(await closePanel())) return null;
  const host = document.querySelector('.panel-host');
  if (!host) return null;
  const titleId = uid('panel');
  const made = scope(() => h('section', { class: 'panel', role: 'complementary', 'aria-labelledby': titleId },
    h('div', { class: 'panel-head' },
      h('div', null, h('h2', { id: titleId, tabindex: '-1' }, title), subtitle && h('p', null, subtitle)),
      actions?.(), iconButton({ icon: 'close', label: () => t('close'), key: 'Esc', onClick: () => void close() })),
    h('div', { class: 'panel-body' }, body(close)),
    foot && h('div', { class: 'panel-foot' }, foot(close))), { detached: true });
  const node = made.value;
  /** @type {Panel} */
  const panel = { close, node };

  /** @param {{ force?: boolean }} [options] */
  async function close({ force = false } = {}) {
    if (current !== panel) return true;
    if (!force && !(await mayClose())) return false;
    current = null;
    openState.value = false;
    const inside = node.contains(document.activeElement) || document.activeElement === document.body;
    vacate(node);
    made.dispose();
    if (inside && opener?.isConnected) opener.focus();
    onClose?.();
    return true;
  }
  node.addEventListener('keydown', (event) => {
    // Esc in a menu or a calendar over the panel closes that alone; the browser does it.
    if (event.key !== 'Escape' || event.defaultPrevented || node.querySelector(':popover-open')) return;
    event.preventDefault();
    void close();
  });
  // Shown over the page at first and given room of its own a frame later: to narrow hundreds of cards takes as long as the panel.
  // One that comes in another's place takes over its room.
  host.toggleAttribute('data-arriving', !host.hasAttribute('data-leaving'));
  host.removeAttribute('data-leaving');
  host.append(node);
  current = panel;
  openState.value = true;
  focusIn(node, focus);
  afterPaint(() => {
    host.removeAttribute('data-arriving');
    roomState.value = openState.peek();
  });
  return panel;
}

/** Takes a panel away now and its room a frame later: to widen hundreds of cards takes longer than the rest. @param {HTMLElement} node */
function vacate(node) {
  const host = node.parentElement;
  host?.toggleAttribute('data-leaving', roomState.peek());
  node.remove();
  afterPaint(() => {
    if (current) return;
    host?.removeAttribute('data-leaving');
    roomState.value = false;
  });
}

/** @param {() => void} act */
function afterPaint(act) {
  requestAnimationFrame(() => setTimeout(act));
}

/** @param {HTMLElement} node @param {'heading' | 'first' | 'none'} focus */
function focusIn(node, focus) {
  const field = node.querySelector('.panel-body :is(input, select, textarea)');
  const target = focus === 'first' && field ? field : node.querySelector('h2');
  if (focus !== 'none' && target instanceof HTMLElement) target.focus();
}

/** Closes the open panel, if any; false when it refused. @param {{ force?: boolean }} [options] */
export async function closePanel(options) {
  return current ? current.close(options) : true;
}

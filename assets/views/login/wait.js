// Too many attempts: how long to wait, counting down, without reading every second aloud.
import { h } from '../../kernel/dom.js';
import { onDispose, signal } from '../../kernel/signal.js';
import { area } from '../../i18n/index.js';
import { waitText } from '../../i18n/problems.js';
import { icon } from '../../ui/icon.js';

const t = await area('setup');

/** @param {number} seconds */
export function waitNode(seconds) {
  const end = Date.now() + seconds * 1000;
  const left = signal(seconds);
  const timer = setInterval(() => {
    left.value = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (!left.peek()) clearInterval(timer);
  }, 500);
  onDispose(() => clearInterval(timer));
  return h('div', { class: 'wait' }, h('h3', null, icon('clock', { size: 'small' }), h('span', null, () => t('too_many_title'))),
    h('p', { 'aria-live': 'off' }, () => (left.value ? t('too_many_text', { wait: waitText(left.value) }) : t('too_many_over'))));
}

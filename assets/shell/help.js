// The list of shortcuts of the page that is open, and the switch that turns single letters off.
import { h, loadStyle } from '../kernel/dom.js';
import { user } from '../api/session.js';
import { t } from '../i18n/index.js';
import { dialog } from '../ui/dialog.js';
import { checkbox } from '../ui/field.js';
import { prefer } from './person.js';
import { shortcuts } from './keys.js';

await loadStyle('overlay');

const NAMES = /** @type {Record<string, string>} */ ({ ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' });

/** @param {string | (() => string) | undefined} words */
const say = (words) => (typeof words === 'function' ? words() : words ?? '');

/** @param {string} key */
function caps(key) {
  const parts = key === '+' ? ['+'] : key.split('+');
  return parts.map((part, index) => [index > 0 && ' + ', h('kbd', null, NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))]);
}

export function showHelp() {
  /** @type {Map<string, import('./keys.js').Shortcut[]>} */
  const groups = new Map();
  for (const one of shortcuts.peek()) {
    const name = say(one.group) || t('shortcuts_page');
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const ordered = [...groups].reverse();
  dialog({
    title: t('shortcuts_help'), size: 'wide',
    body: () => [
      h('div', { class: 'help-groups' }, ordered.map(([name, list]) => h('section', null, h('h3', null, name),
        h('dl', { class: 'help-list' }, list.map((one) => h('div', null, h('dt', null, say(one.label)), h('dd', null, caps(one.key)))))))),
      checkbox({
        name: 'single_key_shortcuts', label: t('single_keys'), hint: t('single_keys_hint'), value: user.peek()?.single_key_shortcuts !== false,
        onInput: (on) => prefer({ single_key_shortcuts: on }),
      }),
    ],
  });
}

// A field that holds several short texts (allergies, medications) as removable chips.
import { h, uid } from '../../kernel/dom.js';
import { signal } from '../../kernel/signal.js';
import { button } from '../../ui/button.js';
import { shell } from '../../ui/field.js';
import { icon } from '../../ui/icon.js';
import { fold, tidy } from '../../base/search.js';
import { t } from './person-words.js';

/** @param {{ name: string, label: () => string, max: number, class?: string, onInput: () => void }} options */
export function listField({ name, label, max, class: extra, onInput }) {
  const id = uid('f-');
  const items = signal(/** @type {string[]} */ ([]));
  const error = signal(/** @type {string | null} */ (null));
  const input = h('input', { id, type: 'text', class: 'input', maxlength: max, autocomplete: 'off', 'aria-describedby': `${id}-d`, 'aria-invalid': () => (error.value ? 'true' : null), onKeydown, onBlur: add, onPaste });

  /** @param {string[]} next */
  function change(next) {
    items.value = next;
    onInput();
  }
  function add() {
    const known = new Set(items.peek().map(fold));
    const fresh = input.value.split(/[,;\n]/).map(tidy).filter((text) => text && !known.has(fold(text)) && known.add(fold(text)));
    input.value = '';
    if (fresh.length) change([...items.peek(), ...fresh]);
  }
  /** @param {KeyboardEvent} event */
  function onKeydown(event) {
    if (event.key === 'Enter' && !event.ctrlKey && input.value.trim()) {
      event.preventDefault();
      add();
    } else if (event.key === ',' || event.key === ';') {
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && !input.value && items.peek().length) change(items.peek().slice(0, -1));
  }
  /** @param {ClipboardEvent} event */
  function onPaste(event) {
    const text = event.clipboardData?.getData('text') ?? '';
    if (!/[,;\n]/.test(text)) return;
    event.preventDefault();
    input.value = text;
    add();
  }
  /** @param {string} text */
  const chip = (text) => h('li', { class: 'chip' }, h('span', null, text),
    h('button', { type: 'button', 'aria-label': t('list_remove', { item: text }), onClick: () => {
      change(items.peek().filter((item) => item !== text));
      input.focus();
    } }, icon('close', { size: 'small' })));

  const list = () => items.value.length > 0 && h('ul', { class: 'chips', 'aria-label': t('list_items', { field: label() }) }, items.value.map(chip));
  const adder = button({ label: () => t('add'), small: true, onClick: add, props: { 'aria-label': () => t('list_add', { field: label() }) } });
  return shell({
    id, error, options: { name, label, optional: true, hint: () => t('list_hint'), class: extra },
    box: h('div', { class: 'list-box' }, h('div', { class: 'list-entry' }, input, adder), list),
    handle: {
      name, pointer: `/${name}`, label, control: input,
      // A text still in the box counts: pressing "save" must not lose it.
      get: () => (input.value.trim() ? [...items.peek(), tidy(input.value)] : [...items.peek()]),
      set: (value) => void (items.value = [...(value ?? [])]),
      check: () => null, setError: (text) => void (error.value = text),
    },
  });
}

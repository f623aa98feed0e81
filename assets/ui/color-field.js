// One colour of the palette of twelve, as radio buttons.
import { h, uid } from '../kernel/dom.js';
import { t } from '../i18n/index.js';
import { registerField } from './field.js';

/** @param {{ name: string, label: string | (() => string), value: number | null }} options */
export function colorField({ name, label, value }) {
  const group = uid('color');
  const inputs = Array.from({ length: 12 }, (_, index) => h('input', {
    type: 'radio', name: group, value: String(index), checked: index === value, 'aria-label': () => t('color_n', { n: index + 1 }),
  }));
  const element = h('fieldset', { class: 'field', 'data-field': name }, h('legend', null, label),
    h('div', { class: 'swatch-row' }, inputs.map((input, index) => h('span', { class: 'swatch', 'data-pro': index }, input))));
  registerField(element, {
    name, pointer: '/' + name, label: () => (typeof label === 'function' ? label() : label), control: inputs[0], check: () => null, setError: () => {},
    get: () => {
      const chosen = inputs.findIndex((input) => input.checked);
      return chosen < 0 ? null : chosen;
    },
    set: (next) => inputs.forEach((input, index) => (input.checked = index === next)),
  });
  return element;
}

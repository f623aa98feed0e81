// One field: visible label above, hint below, the error in place of the hint; known to form.js by its name and pointer.
import { append, h, uid } from '../kernel/dom.js';
import { signal } from '../kernel/signal.js';
import { t } from '../i18n/index.js';
import { fieldText } from '../i18n/problems.js';
import { iconButton } from './button.js';
import { icon } from './icon.js';

/** @typedef {string | (() => string)} Words */
/**
 * What form.js and others do with a field.
 * @typedef {object} FieldHandle
 * @property {string} name @property {string} pointer @property {() => string} label
 * @property {HTMLElement} control what gets the focus
 * @property {() => any} get the value to send; null when empty
 * @property {(value: any) => void} set
 * @property {() => string | null} check an error code, or null
 * @property {(text: string | null) => void} setError
 */
/** @type {WeakMap<Element, FieldHandle>} */
const handles = new WeakMap();

/** Makes a widget of a view's own a field of its form; give the element `data-field`. @param {Element} element @param {FieldHandle} handle */
export const registerField = (element, handle) => void handles.set(element, handle);

/** @param {Element} element */
export const fieldOf = (element) => handles.get(element);

/** The fields inside, in order. @param {Element} root @returns {FieldHandle[]} */
export const fieldsIn = (root) => [...root.querySelectorAll('[data-field]')].flatMap((element) => handles.get(element) ?? []);

/**
 * @typedef {object} FieldOptions
 * @property {string} name dots nest: `address.cep` becomes {address: {cep}}
 * @property {Words} label
 * @property {string} [type] text, email, password, tel, number, search, textarea, select
 * @property {any} [value]
 * @property {Words} [hint]
 * @property {boolean} [optional] said beside the label; otherwise the field is required
 * @property {boolean} [quiet] optional without saying so
 * @property {string} [pointer] when it is not '/' + name
 * @property {import('./masks.js').Mask} [mask]
 * @property {(() => { value: string | number, label: Words }[]) | { value: string | number, label: Words }[]} [options] of a select
 * @property {Words} [emptyOption] first option of a select, with the value null
 * @property {(value: any) => string | null} [check] an error code
 * @property {(value: any) => void} [onInput] after each change
 * @property {Words} [prefix] @property {Words} [suffix]
 * @property {string} [class]
 * @property {Record<string, any>} [props] more for the control: autocomplete, maxlength, minlength, min, max, rows, placeholder
 */

/** @param {FieldOptions} options @returns {HTMLElement} */
export function field(options) {
  const { type = 'text', name } = options;
  const id = uid('f-');
  const error = signal(/** @type {string | null} */ (null));
  const required = !options.optional && !options.quiet;
  const shared = {
    id, name, required, class: 'input', 'aria-describedby': `${id}-d`, 'aria-invalid': () => (error.value ? 'true' : null),
    inputmode: options.mask?.inputmode, ...options.props,
  };
  const control = makeControl(type, shared, options);
  if (options.value !== undefined && options.value !== null) write(control, options);
  /** @type {FieldHandle} */
  const handle = {
    name, pointer: options.pointer ?? '/' + name.replaceAll('.', '/'), label: () => say(options.label), control,
    get: () => read(control, options),
    set: (value) => write(control, { ...options, value }),
    check: () => constraint(control, options),
    setError: (text) => void (error.value = text),
  };
  listen(control, options, handle, error);
  return shell({ id, options, handle, error, box: boxed(control, options) });
}

/** @param {Words} words */
const say = (words) => (typeof words === 'function' ? words() : words);

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

/** @param {string} type @param {Record<string, any>} shared @param {FieldOptions} options @returns {Control} */
function makeControl(type, shared, options) {
  if (type === 'textarea') return h('textarea', { rows: 3, ...shared });
  if (type !== 'select') return h('input', { type, ...shared });
  const list = typeof options.options === 'function' ? options.options() : options.options ?? [];
  return h('select', shared, options.emptyOption !== undefined && h('option', { value: '' }, options.emptyOption),
    list.map((option) => h('option', { value: String(option.value) }, option.label)));
}

/** @param {Control} control @param {FieldOptions} options */
function read(control, options) {
  const text = options.type === 'password' ? control.value : control.value.trim();
  if (text === '') return null;
  if (options.mask) return options.mask.clean(text);
  if (options.type === 'number') return Number(text);
  if (options.type === 'select') {
    const list = typeof options.options === 'function' ? options.options() : options.options ?? [];
    return list.find((option) => String(option.value) === text)?.value ?? text;
  }
  return text;
}

/** @param {Control} control @param {FieldOptions} options */
function write(control, { value, mask }) {
  const text = value === null || value === undefined ? '' : String(value);
  control.value = mask ? mask.format(text) : text;
}

/** @param {Control} control @param {FieldOptions} options */
function constraint(control, options) {
  const { validity } = control;
  const value = read(control, options);
  if (value === null) return control.required ? 'required' : null;
  const min = Number(control.getAttribute('minlength') ?? 0);
  if (min && String(value).length < min) return 'too_short';
  if (validity.typeMismatch) return options.type === 'email' ? 'invalid_email' : 'type';
  if (validity.rangeOverflow || validity.rangeUnderflow) return 'out_of_range';
  if (validity.badInput || validity.patternMismatch) return 'invalid';
  return options.mask?.check(String(value)) ?? options.check?.(value) ?? null;
}

/** @param {Control} control @param {FieldOptions} options @param {FieldHandle} handle @param {import('../kernel/signal.js').Signal<string | null>} error */
function listen(control, options, handle, error) {
  const { mask, onInput } = options;
  let touched = false;
  control.addEventListener('input', () => {
    touched = true;
    error.value = null;
    onInput?.(handle.get());
  });
  control.addEventListener('change', () => {
    if (mask && control.value) control.value = mask.format(control.value.trim());
    // A wrong number is said on leaving; an empty field only when the form is sent.
    const code = touched && control.value.trim() ? handle.check() : null;
    if (code) error.value = fieldText(code);
  });
  if (mask) control.addEventListener('paste', () => setTimeout(() => (control.value = mask.format(control.value.trim()))));
}

/** @param {Control} control @param {FieldOptions} options @returns {Element} */
function boxed(control, options) {
  if (options.type === 'password') return withReveal(/** @type {HTMLInputElement} */ (control));
  if (!options.prefix && !options.suffix) return control;
  return h('div', { class: 'control-box' }, options.prefix && h('span', { class: 'affix' }, options.prefix), control, options.suffix && h('span', { class: 'affix' }, options.suffix));
}

/** @param {HTMLInputElement} control */
function withReveal(control) {
  const shown = signal(false);
  control.setAttribute('spellcheck', 'false');
  control.setAttribute('autocapitalize', 'off');
  return h('div', { class: 'control-box' }, control, iconButton({
    icon: () => (shown.value ? 'eye-off' : 'eye'), label: () => t(shown.value ? 'hide_password' : 'show_password'),
    onClick: () => {
      shown.value = !shown.value;
      control.type = shown.value ? 'text' : 'password';
      control.focus();
    },
  }));
}

/**
 * The frame of any field: for widgets with a control of their own, such as the date field.
 * @param {{ id: string, options: Pick<FieldOptions, 'name' | 'label' | 'hint' | 'optional' | 'class'>, handle: FieldHandle, error: import('../kernel/signal.js').Signal<string | null>, box: Element }} parts
 */
export function shell({ id, options, handle, error, box }) {
  const label = h('label', { for: id }, options.label);
  if (options.optional) append(label, [' ', h('span', { class: 'opt' }, () => `(${t('optional')})`)]);
  const element = h('div', { class: ['field', options.class], 'data-field': options.name }, label, box,
    h('div', { id: `${id}-d`, hidden: () => !error.value && !options.hint },
      () => (error.value ? h('span', { class: 'error' }, icon('error'), error.value) : options.hint && h('span', { class: 'hint' }, options.hint))));
  handles.set(element, handle);
  return element;
}

/**
 * A check box with its label beside it.
 * @param {{ name: string, label: Words, hint?: Words, value?: boolean, pointer?: string, onInput?: (on: boolean) => void, class?: string, disabled?: boolean }} options
 */
export function checkbox({ name, label, hint, value = false, pointer, onInput, class: extra, disabled }) {
  const input = h('input', { type: 'checkbox', name, checked: value, disabled });
  input.addEventListener('change', () => onInput?.(input.checked));
  const element = h('label', { class: ['check', extra], 'data-field': name }, input, h('span', null, label, hint && h('span', { class: 'hint muted caption' }, hint)));
  handles.set(element, {
    name, pointer: pointer ?? '/' + name.replaceAll('.', '/'), label: () => say(label), control: input,
    get: () => input.checked, set: (on) => void (input.checked = Boolean(on)), check: () => null, setError: () => {},
  });
  return element;
}

/**
 * A group of check boxes whose value is a list.
 * @template {string} V
 * @param {{ name: string, label: Words, options: { value: V, label: Words, hint?: Words, disabled?: boolean }[], value?: V[], hint?: Words, optional?: boolean, onInput?: (value: V[]) => void }} options
 */
export function checkGroup({ name, label, options, value = [], hint, optional, onInput }) {
  const id = uid('g-');
  const error = signal(/** @type {string | null} */ (null));
  const inputs = options.map((option) => h('input', { type: 'checkbox', value: option.value, checked: value.includes(option.value), disabled: option.disabled }));
  const get = () => inputs.filter((input) => input.checked).map((input) => /** @type {V} */ (input.value));
  const element = h('fieldset', { class: 'field', 'data-field': name, 'aria-describedby': `${id}-d` }, h('legend', null, label),
    options.map((option, index) => h('label', { class: 'check' }, inputs[index], h('span', null, option.label, option.hint && h('span', { class: 'hint muted caption' }, option.hint)))),
    h('div', { id: `${id}-d`, hidden: () => !error.value && !hint }, () => (error.value ? h('span', { class: 'error' }, icon('error'), error.value) : hint && h('span', { class: 'hint' }, hint))));
  element.addEventListener('change', () => {
    error.value = null;
    onInput?.(get());
  });
  handles.set(element, {
    name, pointer: '/' + name, label: () => say(label), control: inputs[0], get,
    set: (list) => inputs.forEach((input) => (input.checked = list.includes(input.value))),
    check: () => (optional || get().length ? null : 'required'), setError: (text) => void (error.value = text),
  });
  return element;
}

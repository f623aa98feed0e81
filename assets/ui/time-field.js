// A time in one field: 930 is 09:30; the arrows step by the slot. The value is minutes of the day.
import { h, uid } from '../kernel/dom.js';
import { signal } from '../kernel/signal.js';
import { fmt, t } from '../i18n/index.js';
import { fieldText } from '../i18n/problems.js';
import { shell } from './field.js';

/** 9, 930, 0930, 9:30, 9h30, 21.15: minutes of the day, or null. @param {string} text */
export function parseTime(text) {
  const parts = /^(\d{1,2})(?:\s*[:h.,]\s*(\d{1,2})?)?$|^(\d{1,2})(\d{2})$/i.exec(text.trim().replace(/\s*(h|hs|hrs)$/i, ''));
  if (!parts) return null;
  const hours = Number(parts[1] ?? parts[3]);
  const minutes = Number(parts[2] ?? parts[4] ?? 0);
  return hours <= 23 && minutes <= 59 ? hours * 60 + minutes : hours === 24 && minutes === 0 ? 1440 : null;
}

/**
 * @param {{ name: string, label: string | (() => string), value?: number | null, step?: number, hint?: string | (() => string), optional?: boolean, quiet?: boolean,
 *   pointer?: string, class?: string, onInput?: (minutes: number | null) => void, hideLabel?: boolean, check?: (minutes: number) => string | null }} options
 */
export function timeField(options) {
  const { name, step = 15, onInput } = options;
  const id = uid('f-');
  const error = signal(/** @type {string | null} */ (null));
  const input = h('input', {
    id, name, type: 'text', inputmode: 'numeric', autocomplete: 'off', class: 'input time', maxlength: 8, required: !options.optional && !options.quiet,
    'aria-describedby': `${id}-d`, 'aria-invalid': () => (error.value ? 'true' : null), placeholder: '00:00',
  });
  /** @param {number | null | undefined} minutes */
  const write = (minutes) => void (input.value = minutes === null || minutes === undefined ? '' : fmt.minutes(minutes));
  const get = () => parseTime(input.value);
  write(options.value);
  input.addEventListener('input', () => {
    error.value = null;
    onInput?.(get());
  });
  input.addEventListener('change', () => {
    const minutes = get();
    if (minutes !== null) write(minutes);
    else if (input.value.trim()) error.value = fieldText('invalid_time');
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    const now = get() ?? 480;
    const next = event.key === 'ArrowUp' ? Math.floor(now / step) * step + step : Math.ceil(now / step) * step - step;
    write(Math.max(0, Math.min(1440 - step, next)));
    onInput?.(get());
  });
  const check = () => {
    if (!input.value.trim()) return input.required ? 'required' : null;
    const minutes = get();
    return minutes === null ? 'invalid_time' : options.check?.(minutes) ?? null;
  };
  const label = options.label;
  const element = shell({
    id, error, box: input, options: { hint: options.hint, ...options },
    handle: { name, pointer: options.pointer ?? '/' + name.replaceAll('.', '/'), label: () => (typeof label === 'function' ? label() : label), control: input, get, set: write, check, setError: (text) => void (error.value = text) },
  });
  if (options.hideLabel) element.querySelector('label')?.classList.add('visually-hidden');
  return element;
}

/** The hint that says how to type a time. */
export const timeHint = () => t('time_hint');

// A new password: shown on demand, its strength said while typing; the server has the last word.
import { h, loadStyle } from '../kernel/dom.js';
import { computed, signal } from '../kernel/signal.js';
import { area } from '../i18n/index.js';
import { field } from './field.js';

const t = await area('setup');
await loadStyle('password');
const COMMON = /^(?:senha|password|qwerty|abc|123|admin|clinica|teste|mudar|brasil|amor)/i;

/** 0 to 4: length counts most, then variety; repetitions, rows and known words count for nothing. @param {string} text */
export function strength(text) {
  const rest = text.toLowerCase().replace(/(.)\1{2,}/g, '$1').replace(/0?123456?7?8?9?0?|abcdef|qwerty|asdfgh/g, '');
  const kinds = [/[a-zà-ÿ]/, /[A-ZÀ-Ý]/, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(text)).length;
  const distinct = new Set(rest).size;
  const points = rest.length + kinds * 1.5 + Math.min(distinct, 10) * 0.5 - (COMMON.test(text) ? 5 : 0);
  if (text.length < 10) return Math.min(1, points > 9 ? 1 : 0);
  return points < 15 ? 1 : points < 19 ? 2 : points < 24 ? 3 : 4;
}

/** The part of the server's rule that needs no lists. @param {string} text */
const weakness = (text) => (/\p{L}/u.test(text) && /\d/.test(text) ? null : 'weak_password');

/** @param {{ name?: string, label?: string | (() => string) }} [options] */
export function newPasswordField({ name = 'password', label = () => t('password') } = {}) {
  const text = signal('');
  const level = computed(() => strength(text.value));
  const levelName = () => t(/** @type {'strength_0'} */ (`strength_${level.value}`));
  const element = field({
    name, label, type: 'password', hint: () => t('password_hint'), check: weakness, onInput: (value) => (text.value = value ?? ''),
    props: { autocomplete: 'new-password', minlength: 10, maxlength: 128 },
  });
  const meter = h('div', { class: 'strength', 'data-level': () => String(level.value), 'data-empty': () => (text.value ? null : '') },
    h('span', { class: 'strength-bar', 'aria-hidden': 'true' }, [0, 1, 2, 3].map(() => h('i'))),
    h('span', { role: 'status', 'aria-label': () => t('strength', { level: levelName() }) }, levelName));
  element.append(meter);
  return element;
}

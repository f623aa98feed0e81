// Whom the appointment is for: one box that searches by name, CPF, phone or birth date, and registers whoever is not there yet.
import { h, replace, uid } from '../../kernel/dom.js';
import { effect, signal } from '../../kernel/signal.js';
import { ApiError, get } from '../../api/client.js';
import { can } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { field, shell } from '../../ui/field.js';
import { formatPhone, masks } from '../../ui/masks.js';
import { announce } from '../../ui/toast.js';
import { t } from './card.js';

/** @typedef {{id: number, display_name: string, birth_date?: string | null, phone?: string | null, last_appointment_at?: string | null}} Found */
/** @typedef {{found: Found | null, fresh: boolean}} Chosen */

const SMALL_WORDS = /^(d[aeo]s?|e)$/;

/** Somebody typing fast leaves the capitals to us. @param {string} text */
export function properName(text) {
  const clean = text.trim().replace(/\s+/g, ' ');
  if (clean !== clean.toLocaleLowerCase()) return clean;
  return clean.split(' ').map((word) => (SMALL_WORDS.test(word) ? word : word.charAt(0).toLocaleUpperCase() + word.slice(1))).join(' ');
}

/** @param {Found} found */
export function aboutPatient(found) {
  return [found.birth_date && t('born', { date: fmt.date(found.birth_date) }), found.phone && formatPhone(found.phone), found.last_appointment_at && t('last_seen', { date: fmt.date(found.last_appointment_at) })].filter(Boolean).join(' · ');
}

/** @param {{onChange: (chosen: Chosen) => void, start?: Found | null}} options */
export function patientPicker({ onChange, start = null }) {
  const fresh = signal(false);
  let typed = '';
  const box = searchBox({
    start,
    onPick: (found) => onChange({ found, fresh: false }),
    onMake: (text) => {
      typed = properName(text);
      fresh.value = true;
      onChange({ found: null, fresh: true });
      // After the change of fields has been drawn.
      queueMicrotask(() => phone.querySelector('input')?.focus());
    },
  });
  const name = field({ name: 'new_name', pointer: '/contact/name', label: () => t('new_name'), props: { autocomplete: 'off', maxlength: 120 } });
  const phone = field({ name: 'new_phone', pointer: '/contact/phone', label: () => t('new_phone'), type: 'tel', mask: masks.phone, props: { autocomplete: 'off' } });
  const back = button({
    label: () => t('back_to_search'), kind: 'link', icon: 'search',
    onClick: () => {
      fresh.value = false;
      onChange({ found: null, fresh: false });
      queueMicrotask(() => box.querySelector('input')?.focus());
    },
  });
  const host = h('div', { class: 'form' });
  effect(() => {
    if (fresh.value) {
      replace(host, h('div', { class: 'ag-fresh' }, h('span', { class: 'badge accent' }, t('new_patient')), back), name, phone);
      if (typed) /** @type {HTMLInputElement} */ (name.querySelector('input')).value = typed;
    } else replace(host, box);
  });
  return host;
}

/** @param {{start: Found | null, onPick: (found: Found | null) => void, onMake: (text: string) => void}} options */
function searchBox({ start, onPick, onMake }) {
  const id = uid('f-');
  const listId = uid('list-');
  const error = signal(/** @type {string | null} */ (null));
  const chosen = signal(/** @type {Found | null} */ (start));
  const options = signal(/** @type {(Found | {make: string})[]} */ ([]));
  const at = signal(0);
  const open = signal(false);
  /** @type {AbortController | null} */
  let asking = null;
  let waiting = 0;
  const input = h('input', {
    id, class: 'input', type: 'text', role: 'combobox', name: 'patient', autocomplete: 'off', spellcheck: 'false', maxlength: 120, value: start?.display_name ?? '', required: true, placeholder: () => t('patient_hint'),
    'aria-autocomplete': 'list', 'aria-controls': listId, 'aria-expanded': () => (open.value ? 'true' : 'false'), 'aria-describedby': `${id}-d`,
    'aria-activedescendant': () => (open.value && options.value.length ? `${listId}-${at.value}` : null), 'aria-invalid': () => (error.value ? 'true' : null),
    onInput: search, onKeydown: onKey, onBlur: () => setTimeout(() => (open.value = false), 120), onFocus: () => options.peek().length && !chosen.peek() && (open.value = true),
  });
  const list = h('div', { class: 'options', role: 'listbox', id: listId, 'aria-label': () => t('patient'), hidden: () => !open.value },
    () => options.value.map((option, index) => h('div', {
      role: 'option', id: `${listId}-${index}`, class: ['make' in option && 'make'], 'aria-selected': () => (at.value === index ? 'true' : 'false'),
      onMousedown: (/** @type {Event} */ event) => event.preventDefault(), onClick: () => pick(index),
    }, 'make' in option ? [h('b', null, t('patient_new', { name: option.make })), h('small', null, t('patient_new_hint'))] : [h('b', null, option.display_name), h('small', null, aboutPatient(option))])));

  async function search() {
    error.value = null;
    if (chosen.peek()) {
      chosen.value = null;
      onPick(null);
    }
    asking?.abort();
    waiting = 0;
    const text = input.value.trim();
    if (text.length < 2) {
      options.value = [];
      open.value = false;
      return;
    }
    const mine = (asking = new AbortController());
    /** @type {Found[]} */
    let found = [];
    try {
      found = (await get('/api/contacts', { search: text, limit: 7 }, { signal: mine.signal })).items;
    } catch (cause) {
      if (!(cause instanceof ApiError)) return;
      announce(t('patient_offline'));
    }
    if (mine !== asking) return;
    asking = null;
    // Numbers find people but do not name them.
    const make = can('edit_contacts') && /\p{L}{2}/u.test(text) ? [{ make: properName(text) }] : [];
    options.value = [...found, ...make];
    at.value = 0;
    open.value = options.value.length > 0;
    announce(found.length ? t('patient_results', { count: found.length }) : t('patient_none'));
    list.scrollTop = 0;
    const pressed = waiting;
    waiting = 0;
    if (pressed) pick(0);
    if (pressed > 1) input.form?.requestSubmit();
  }

  /** @param {number} index */
  function pick(index) {
    const option = options.peek()[index];
    if (!option) return;
    open.value = false;
    if ('make' in option) return onMake(option.make);
    chosen.value = option;
    input.value = option.display_name;
    announce(t('patient_chosen', { name: option.display_name }));
    onPick(option);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const count = options.peek().length;
    if (event.key === 'Enter' && asking) {
      // Faster than the answer: the first one found is meant, and a second press sends the form.
      waiting++;
      event.preventDefault();
    } else if (event.key === 'Enter' && open.peek()) {
      event.preventDefault();
      pick(at.peek());
    } else if (event.key === 'Escape' && open.peek()) {
      event.preventDefault();
      open.value = false;
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && count) {
      event.preventDefault();
      if (open.peek()) at.value = (at.peek() + (event.key === 'ArrowDown' ? 1 : -1) + count) % count;
      open.value = true;
      list.querySelector(`#${listId}-${at.peek()}`)?.scrollIntoView({ block: 'nearest' });
    }
  }

  const about = h('p', { class: 'muted caption', hidden: () => !chosen.value }, () => chosen.value && aboutPatient(chosen.value));
  return shell({
    id, error, options: { name: 'patient', label: () => t('patient') }, box: h('div', { class: 'ag-combo' }, input, list, about),
    handle: {
      name: 'patient', pointer: '/contact_id', label: () => t('patient'), control: input, get: () => chosen.peek()?.id ?? null,
      set: () => {}, check: () => (chosen.peek() ? null : 'required'), setError: (text) => void (error.value = text && t('need_patient')),
    },
  });
}

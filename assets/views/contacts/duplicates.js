// Warns while typing that a number already belongs to someone: a CPF stops the form, a card or a phone asks.
import { h } from '../../kernel/dom.js';
import { onDispose, signal } from '../../kernel/signal.js';
import { get } from '../../api/client.js';
import { icon } from '../../ui/icon.js';
import { formatDay } from '../../base/birth.js';
import { t } from './person-words.js';

/** @typedef {'cpf' | 'cns' | 'phone'} Key */
/** @typedef {{ field: Key, contact: { id: number, display_name: string, birth_date: string | null, phone?: string | null } }} Duplicate */
/** @typedef {Record<string, string | null>} Numbers */

const PAUSE_MS = 120;

/** @param {{ exceptId?: number, onFound?: (found: Duplicate[]) => void }} options */
export function createDuplicates({ exceptId, onFound }) {
  const found = signal(/** @type {Duplicate[]} */ ([]));
  const allowed = signal(false);
  /** @type {Numbers} */
  let asked = {};
  /** @type {AbortController | null} */
  let running = null;
  let timer = 0;

  /** @param {Numbers} numbers */
  async function ask(numbers) {
    running?.abort();
    const mine = (running = new AbortController());
    try {
      const answer = await get('/api/contacts/duplicates', { ...numbers, except_id: exceptId }, { signal: mine.signal });
      if (mine.signal.aborted) return;
      found.value = answer.items;
      onFound?.(answer.items);
    } catch {
      // Only a comfort: saving checks again, so a failed question is silent.
    }
  }
  onDispose(() => {
    clearTimeout(timer);
    running?.abort();
  });
  return {
    found, allowed,
    /** Asks again when a whole, valid number has changed. @param {Numbers} numbers null for what is not whole */
    watch(numbers) {
      if (JSON.stringify(numbers) === JSON.stringify(asked)) return;
      asked = numbers;
      clearTimeout(timer);
      allowed.value = false;
      const whole = Object.keys(numbers).filter((key) => numbers[key]);
      found.value = found.peek().filter((item) => whole.includes(item.field));
      if (whole.length) timer = window.setTimeout(() => void ask(numbers), PAUSE_MS);
      else running?.abort();
    },
  };
}

/** Who has the number, and the way to them. @param {Duplicate} item */
export function duplicateText({ field, contact }) {
  const born = contact.birth_date ? ` (${t('dup_born', { date: formatDay(contact.birth_date) })})` : '';
  return h('div', null,
    h('p', null, h('strong', null, t(/** @type {'dup_cpf'} */ (`dup_${field}`), { name: contact.display_name })), born),
    h('p', null, t(/** @type {'dup_cpf_text'} */ (`dup_${field}_text`))),
    // In another tab: what was typed here must not be lost by a look there.
    h('a', { href: `/contacts/${contact.id}`, target: '_blank', rel: 'noopener', 'aria-label': t('dup_open', { name: contact.display_name }) }, t('open_record')));
}

/** The notes of some of the numbers, to stand below their fields.
 * @param {ReturnType<typeof createDuplicates>} duplicates @param {Key[]} keys @param {() => string} allowLabel */
export function duplicateNotes({ found, allowed }, keys, allowLabel) {
  return h('div', { class: 'duplicate-notes', role: 'status' }, () => found.value.filter((item) => keys.includes(item.field)).map((item) =>
    h('div', { class: ['note', item.field === 'cpf' ? 'bad' : 'warn'] }, icon(item.field === 'cpf' ? 'error' : 'warning'),
      h('div', null, duplicateText(item), item.field !== 'cpf' && h('label', { class: 'check' },
        h('input', { type: 'checkbox', checked: () => allowed.value, onChange: (/** @type {Event} */ event) => (allowed.value = /** @type {HTMLInputElement} */ (event.target).checked) }),
        h('span', null, allowLabel))))));
}

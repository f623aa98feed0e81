// What a form needs to know about duplicates: which numbers are whole, and what to say after a refusal.
import { h } from '../../kernel/dom.js';
import { button } from '../../ui/button.js';
import { fieldsIn } from '../../ui/field.js';
import { duplicateText } from './duplicates.js';
import { t } from './person-words.js';

/** Numbers worth asking about: whole, valid, and not the person's own.
 * @param {HTMLElement} node @param {Record<string, any>} [own]
 * @returns {import('./duplicates.js').Numbers} */
export function wholeNumbers(node, own) {
  /** @type {import('./duplicates.js').Numbers} */
  const numbers = { cpf: null, cns: null, phone: null };
  for (const handle of fieldsIn(node)) {
    if (!(handle.name in numbers)) continue;
    const value = handle.get();
    if (value && handle.check() === null && value !== own?.[handle.name]) numbers[handle.name] = value;
  }
  return numbers;
}

/** Words for 409 duplicate, with the way on where there is one.
 * @param {import('../../api/client.js').ApiError} error @param {() => string} allowLabel @param {() => void} onAllow */
export function duplicateRefusal(error, allowLabel, onAllow) {
  const { contact, field } = error.problem;
  if (!contact) return null;
  return h('div', { class: 'duplicate-refusal' }, h('h3', null, t('dup_title')), duplicateText({ field, contact }),
    field !== 'cpf' && h('div', null, button({ label: allowLabel, onClick: onAllow })));
}

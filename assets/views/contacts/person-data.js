// What is kept about a person, in the same groups as the form; only what was given is shown.
import { h } from '../../kernel/dom.js';
import { fmt } from '../../i18n/index.js';
import { formatCep, formatCns, formatCpf, formatPhone } from '../../base/brazil.js';
import { labelOf } from './form-fields.js';
import { birthText, t, word } from './person-words.js';

/** @typedef {Record<string, any>} Contact */
/** @typedef {[string, any]} Line */

/** @param {Contact | null | undefined} address */
function addressText(address) {
  if (!address) return null;
  const { street, number, complement, district, city, state, cep } = address;
  const lines = [[street, number].filter(Boolean).join(', '), complement, district, [city, state].filter(Boolean).join(' · '), cep && `${t('f_address.cep')} ${formatCep(cep)}`].filter(Boolean);
  return lines.length ? lines.map((line) => h('span', { class: 'line' }, line)) : null;
}

/** @param {string[] | null | undefined} items */
const chips = (items) => (items?.length ? h('ul', { class: 'chips' }, items.map((item) => h('li', { class: 'chip plain' }, item))) : null);

/** @param {Contact} contact @returns {Record<string, Line[]>} */
const linesOf = (contact) => ({
  identity: [
    ['name', contact.social_name ? contact.name : null], ['birth_date', birthText(contact.birth_date)], ['cpf', contact.cpf && formatCpf(contact.cpf)],
    ['cns', contact.cns && formatCns(contact.cns)], ['sex', word('sex', contact.sex)], ['gender', contact.gender], ['mother_name', contact.mother_name],
    ['profession', contact.profession], ['record_number', contact.record_number],
  ],
  reach: [['phone', contact.phone && formatPhone(contact.phone)], ['email', contact.email], ['source', word('source', contact.source)]],
  address: [['', addressText(contact.address)]],
  emergency: [['emergency_contact.name', contact.emergency_contact?.name], ['emergency_contact.phone', contact.emergency_contact?.phone && formatPhone(contact.emergency_contact.phone)]],
  care: [['allergies', chips(contact.allergies)], ['medications', chips(contact.medications)]],
  notes: [['', contact.notes && h('span', { class: 'notes-text' }, contact.notes)]],
});

/** @param {string} group @param {Line[]} lines */
function section(group, lines) {
  const given = lines.filter(([, value]) => value);
  if (!given.length) return null;
  const title = t(/** @type {'group_care'} */ (`group_${group}`));
  return h('section', { class: 'data-group' }, h('h3', null, title), h('dl', null, given.map(([name, value]) =>
    h('div', null, h('dt', { class: name ? '' : 'visually-hidden' }, name ? labelOf(name)() : title), h('dd', null, value)))));
}

/** @param {Contact} contact */
export function personData(contact) {
  const sections = Object.entries(linesOf(contact)).map(([group, lines]) => section(group, lines)).filter(Boolean);
  return h('section', { class: 'card person-data', 'aria-label': t('person_data') }, h('div', { class: 'card-head' }, h('h2', null, t('person_data'))),
    h('div', { class: 'card-body' }, sections.length ? sections : h('p', { class: 'muted' }, t('nothing_here')),
      h('p', { class: 'caption muted' }, t('since', { date: fmt.date(contact.created_at) }), contact.updated_at !== contact.created_at && ` · ${t('changed', { date: fmt.date(contact.updated_at) })}`)));
}

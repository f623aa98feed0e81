// One patient in the list: a table row on a desk, a card on a phone; the name is the link of the whole row.
import { h } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { avatar, icon } from '../../ui/icon.js';
import { formatCpf, formatPhone } from '../../base/brazil.js';
import { formatDay } from '../../base/birth.js';
import { ageText, marked, nearDay, statusBadge, t } from './person-words.js';

/** @typedef {import('./listing.js').Row} Row */

/** @param {import('../../kernel/signal.js').Signal<Row>} item @param {() => string} query */
export function listRow(item, query) {
  const row = computed(() => item.value);
  const cell = (/** @type {string} */ name, /** @type {any[]} */ ...content) => h('td', { role: 'cell', class: `cell-${name}` }, ...content);
  return h('tr', { role: 'row', class: 'contact-row' },
    cell('name', avatar({ name: () => row.value.display_name }), h('div', null,
      h('a', { class: 'row-link', href: `/contacts/${item.peek().id}` }, () => marked(row.value.display_name, query())),
      () => subtitle(row.value))),
    cell('birth', () => [h('span', null, formatDay(row.value.birth_date)), h('small', { class: 'muted' }, ageText(row.value.birth_date))]),
    cell('cpf', () => formatCpf(row.value.cpf ?? '')),
    cell('phone', () => phone(row.value)),
    cell('visits', () => visits(row.value)),
    cell('status', () => statusBadge(row.value.status)));
}

/** The registered name under a social name, else the number of the record. @param {Row} row */
function subtitle(row) {
  if (row.social_name && row.social_name !== row.name) return h('small', { class: 'muted' }, () => t('registered_as', { name: row.name }));
  return row.record_number && h('small', { class: 'muted' }, () => t('record_no', { number: String(row.record_number) }));
}

/** @param {Row} row */
function phone(row) {
  if (!row.phone) return h('span', { class: 'muted wrap' }, row.email ?? '');
  return h('span', { class: 'with-icon' }, formatPhone(row.phone), row.whatsapp && icon('message', { label: 'WhatsApp', size: 'small' }));
}

/** @param {Row} row */
function visits(row) {
  const [at, which] = row.next_appointment_at ? [row.next_appointment_at, /** @type {const} */ ('next_visit')] : [row.last_appointment_at, /** @type {const} */ ('last_visit')];
  if (!at) return h('span', { class: 'muted' }, t('no_visit'));
  return [h('span', { class: which === 'next_visit' ? '' : 'muted' }, nearDay(at)), ' ', h('small', { class: 'muted' }, t(which))];
}

// The day on paper: A4, black on white, one page per professional, built only when asked for.
import { h, loadStyle } from '../../kernel/dom.js';
import { clinic } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { formatPhone } from '../../ui/masks.js';
import { kindWord, statusWord, t, whyWord } from './card.js';
import { clock } from './model.js';

/** @typedef {import('./model.js').Column} Column */

/** Whatever asks the browser to print gets the sheets. @param {import('./state.js').Desk} desk @returns {Promise<() => void>} */
export async function watchPrint(desk) {
  await loadStyle('print');
  /** @type {HTMLElement | null} */
  let paper = null;
  const before = () => {
    const columns = (desk.columns.peek() ?? []).filter((column) => column.items.length || column.stretches.some((part) => part.kind === 'open'));
    paper?.remove();
    paper = h('div', { class: 'print-agenda' }, columns.map(page));
    document.body.append(paper);
  };
  const after = () => paper?.remove();
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  return () => {
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
    after();
  };
}

/** @param {Column} column */
function page(column) {
  const rows = [
    ...column.items.filter((item) => item.holds).map((item) => ({ start: item.start, node: appointmentRow(item) })),
    ...column.stretches.filter((part) => part.kind === 'lunch' || part.kind === 'block').map((part) => ({ start: part.start, node: shutRow(part) })),
  ].sort((x, y) => x.start - y.start);
  const heads = [t('col_time'), t('col_patient'), t('print_phone'), t('col_kind'), t('col_status'), t('print_notes')];
  return h('section', { class: 'print-page' },
    h('header', null, h('h1', null, t('print_title', { who: column.professional.name })), h('p', null, [fmt.weekdayDate(column.date), column.professional.room_name, clinic.peek()?.name].filter(Boolean).join(' · '))),
    rows.length ? h('table', null, h('thead', null, h('tr', null, heads.map((text) => h('th', { scope: 'col' }, text)))), h('tbody', null, rows.map((row) => row.node))) : h('p', null, t('print_empty')));
}

/** @param {import('./model.js').Item} item */
function appointmentRow({ start, end, name, a }) {
  const kind = [kindWord(a.kind), a.fit_in && t('fit_in')].filter(Boolean).join(', ');
  return h('tr', null, h('td', null, `${clock(start)}–${clock(end)}`), h('td', null, h('strong', null, name)), h('td', null, a.contact.phone ? formatPhone(a.contact.phone) : ''), h('td', null, kind), h('td', null, statusWord(a.status)), h('td', null, a.notes ?? ''));
}

/** @param {import('./model.js').Stretch} part */
function shutRow(part) {
  return h('tr', { class: 'shut' }, h('td', null, `${clock(part.start)}–${clock(part.end)}`), h('td', { colspan: 5 }, whyWord({ why: part.kind, reason: part.reason })));
}

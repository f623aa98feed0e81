// Two small openings of the tool row: a date typed or picked, and which columns are shown.
import { h } from '../../kernel/dom.js';
import { dayOf } from '../../i18n/index.js';
import { dateField } from '../../ui/date-field.js';
import { dialog } from '../../ui/dialog.js';
import { form } from '../../ui/form.js';
import { openMenu } from '../../ui/menu.js';
import { t } from './card.js';

/** @typedef {import('./hands.js').Desktop} Desktop */

/** @param {Desktop} desktop */
export async function askDate({ desk, go }) {
  /** @type {string | null} */
  let date = null;
  const opened = dialog({
    title: t('go_to_date'), size: 'narrow',
    body: (close) => form({
      submit: t('go_there'), onCancel: () => close(),
      body: h('div', null, dateField({ name: 'date', label: t('date') })),
      onSubmit: async (values) => {
        date = values.date;
        close(true);
      },
    }).node,
  });
  await opened.closed;
  if (date && date !== desk.store.at.peek().date) await go({ date });
}

/** @param {Desktop} desktop @param {HTMLElement} anchor @param {import('./hands.js').Hands} hands */
export function openOptions({ desk, go }, anchor, hands) {
  const toggle = (/** @type {number} */ id) => {
    const next = new Set(desk.hidden.peek());
    if (!next.delete(id)) next.add(id);
    desk.hidden.value = next;
  };
  const place = desk.store.at.peek();
  const phone = desk.phone.peek();
  const views = /** @type {const} */ (['day', 'week', 'list']);
  openMenu(anchor, [
    phone && { group: t('view_choice') },
    ...(phone ? views.map((view) => ({ label: t(view), checked: () => place.view === view, onSelect: () => void go({ view }) })) : []),
    phone && { label: t('today'), icon: 'calendar', onSelect: () => void go({ date: dayOf() }) },
    !phone && { group: t('columns_shown') },
    ...(phone ? [] : desk.people.peek().map((person) => ({ label: person.name, checked: () => !desk.hidden.peek().has(person.id), toggle: true, onSelect: () => toggle(person.id) }))),
    (!phone || desk.hidden.peek().size > 0) && { label: t('columns_all'), icon: 'eye', onSelect: () => void (desk.hidden.value = new Set()) },
    { separator: true },
    { group: t('columns_options') },
    { label: t('show_cancelled'), checked: () => desk.cancelled.peek(), toggle: true, onSelect: () => void (desk.cancelled.value = !desk.cancelled.peek()) },
    { label: t('print_day'), icon: 'print', key: 'P', onSelect: () => void hands.print() },
  ], { align: 'end', label: t('columns') });
}


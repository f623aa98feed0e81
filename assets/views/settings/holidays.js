// The national holidays of a year, as the server computes them.
import { h } from '../../kernel/dom.js';
import { effect, signal } from '../../kernel/signal.js';
import { clinicPath, get } from '../../api/client.js';
import { area, dayOf, fmt } from '../../i18n/index.js';
import { iconButton } from '../../ui/button.js';

const t = await area('settings');
const tAgenda = await area('agenda');

/** @typedef {{ date: string, code: string, name: string, optional?: boolean }} Holiday */

/** The words are ours; a holiday we have no word for keeps the server's name. @param {Holiday} one */
function nameOf(one) {
  const key = /** @type {any} */ (`holiday_${one.code}`);
  const text = tAgenda(key);
  return text === key ? one.name : text;
}

export function holidaysBox() {
  const year = signal(Number(dayOf().slice(0, 4)));
  const items = signal(/** @type {Holiday[]} */ ([]));
  effect(() => {
    const wanted = year.value;
    get(clinicPath('/holidays'), { year: wanted }).then((answer) => wanted === year.peek() && (items.value = answer.items), () => {});
  });
  return h('div', { class: 'settings-card' },
    h('div', { class: 'holidays-head' }, h('h3', null, () => t('holidays')),
      iconButton({ icon: 'left', label: () => t('previous_year'), small: true, onClick: () => year.value-- }),
      h('strong', { 'aria-live': 'polite' }, () => String(year.value)),
      iconButton({ icon: 'right', label: () => t('next_year'), small: true, onClick: () => year.value++ })),
    h('ul', { class: 'holidays', 'aria-label': () => t('holidays_of', { year: String(year.value) }) }, () => items.value.map((one) => h('li', null,
      h('span', { class: 'holiday-date' }, fmt.shortDate(one.date)), h('span', null, nameOf(one), one.optional && h('span', { class: 'badge' }, t('holiday_optional')))))));
}

// The list of the day: one table, sortable, with the next step of each row.
import { each, h } from '../../kernel/dom.js';
import { computed, effect, scope, signal } from '../../kernel/signal.js';
import { byName } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { empty } from '../../ui/empty.js';
import { glyph, kindWord, statusWord, stepWord, t } from './card.js';
import { clock, nextStep } from './model.js';

/** @typedef {import('./hands.js').Desktop} Desktop */
/** @typedef {import('./model.js').Item & {date: string, who: string, pro: number}} Row */

/** @type {{key: 'time' | 'patient' | 'professional' | 'kind' | 'status', hide?: string, by: (row: Row) => string | number}[]} */
const COLUMNS = [
  { key: 'time', by: (row) => row.start },
  { key: 'patient', by: (row) => row.name },
  { key: 'professional', hide: 'hide-small', by: (row) => row.who },
  { key: 'kind', hide: 'hide-mid hide-small', by: (row) => kindWord(row.a.kind) },
  { key: 'status', hide: 'hide-small', by: (row) => statusWord(row.a.status) },
];

/** @param {Desktop} desktop @param {HTMLElement} host @param {import('./hands.js').Hands} hands @returns {() => void} */
export function mountList(desktop, host, hands) {
  if (host.querySelector('.ag-list')) return () => {};
  const { desk } = desktop;
  const made = scope(() => {
    const order = signal({ key: 'time', down: false });
    const rows = computed(() => {
      const { key, down } = order.value;
      const { by } = COLUMNS.find((column) => column.key === key) ?? COLUMNS[0];
      const list = (desk.columns.value ?? []).flatMap((column) => column.items.map((item) => ({ ...item, date: column.date, who: column.professional.name, pro: column.professional.color })));
      const compare = (/** @type {Row} */ x, /** @type {Row} */ y) => {
        const [left, right] = [by(x), by(y)];
        const first = typeof left === 'number' ? left - Number(right) : byName(String(left), String(right));
        return first || x.start - y.start || x.a.id - y.a.id;
      };
      return list.sort((x, y) => (down ? -1 : 1) * compare(x, y));
    });
    const shown = () => desk.store.at.value.view === 'list' && desk.store.data.value !== null;
    const body = each(h('tbody'), () => (shown() ? rows.value : []), (row) => row.a.id, (row) => line(desktop, row, hands));
    const node = h('div', { class: 'ag-list', hidden: () => !shown() },
      () => !rows.value.length && empty({ icon: 'calendar', title: t('list_empty') }),
      h('div', { class: 'table-box', hidden: () => !rows.value.length }, h('table', { class: 'table' }, h('caption', { class: 'visually-hidden' }, () => t('list_caption')),
        h('thead', null, h('tr', null, COLUMNS.map((column) => head(column, order)), h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, () => t('col_actions'))))), body)));
    startAtNow(desk, { node, body, rows, shown });
    return node;
  }, { detached: true });
  host.append(made.value);
  return () => {
    made.dispose();
    made.value.remove();
  };
}

/** Today's list opens at what comes next, with one row before it; after that the scroll is the person's. @param {Desktop['desk']} desk @param {{node: HTMLElement, body: HTMLElement, rows: import('../../kernel/signal.js').ReadSignal<Row[]>, shown: () => boolean}} parts */
function startAtNow(desk, { node, body, rows, shown }) {
  let seen = '';
  effect(() => {
    const here = shown() ? desk.store.data.value?.date ?? '' : '';
    const today = desk.now.peek();
    if (here === seen || (here && !rows.value.length)) return;
    seen = here;
    if (!here) return;
    const next = here === today.date ? rows.peek().findIndex((row) => row.end > today.minute) : 0;
    requestAnimationFrame(() => {
      const row = body.children.item(Math.max(0, (next < 0 ? rows.peek().length : next) - 1));
      const pad = parseFloat(getComputedStyle(node).paddingTop);
      if (row instanceof HTMLElement) node.scrollTop = next === 0 ? 0 : pad + row.getBoundingClientRect().top - body.getBoundingClientRect().top;
    });
  });
}

/** @param {typeof COLUMNS[number]} column @param {import('../../kernel/signal.js').Signal<{key: string, down: boolean}>} order */
function head({ key, hide }, order) {
  const label = () => t(`col_${key}`);
  const here = () => order.value.key === key;
  return h('th', { scope: 'col', class: [hide], 'aria-sort': () => (here() ? (order.value.down ? 'descending' : 'ascending') : null) },
    h('button', { type: 'button', onClick: () => void (order.value = { key, down: here() && !order.value.down }) }, label, () => here() && icon(order.value.down ? 'down' : 'up', { size: 'small' })));
}

/** @param {Desktop} desktop @param {import('../../kernel/signal.js').Signal<Row>} row @param {import('./hands.js').Hands} hands */
function line({ desk, acts }, row, hands) {
  const a = () => row.value.a;
  const next = () => {
    const to = desk.mayEdit.value ? nextStep(a().status, row.value.date > desk.now.value.date) : undefined;
    return to && button({ label: stepWord(to), small: true, onClick: () => void acts.setStatus(row.peek().a, to), props: { 'aria-label': t('quick_name', { step: stepWord(to), name: row.value.name, time: clock(row.value.start) }) } });
  };
  return h('tr', { 'data-freed': () => !row.value.holds || null, 'data-pro': () => row.value.pro },
    h('td', null, () => clock(row.value.start)),
    h('th', { scope: 'row' }, h('button', { type: 'button', class: 'row-link', onClick: () => void hands.open(row.peek().a.id) }, () => row.value.name), h('span', { class: 'state only-small', 'data-status': () => a().status }, () => glyph(a().status), () => statusWord(a().status))),
    h('td', { class: 'hide-small' }, h('span', { class: 'pro' }, () => row.value.who)),
    h('td', { class: 'hide-mid hide-small' }, () => kindWord(a().kind), () => a().fit_in && h('span', { class: 'badge' }, t('fit_in'))),
    h('td', { class: 'hide-small' }, () => h('span', { class: 'state', 'data-status': a().status }, glyph(a().status), statusWord(a().status))),
    h('td', { class: 'end' }, next));
}

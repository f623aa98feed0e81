// The side of the reception: who waits and for how long, who has not confirmed yet, and the fit-ins of the day.
import { each, h } from '../../kernel/dom.js';
import { computed, effect, onDispose, scope, signal } from '../../kernel/signal.js';
import { get } from '../../api/client.js';
import { clinic, cover } from '../../api/session.js';
import { addDays, dayOf, fmt, weekdayOf } from '../../i18n/index.js';
import { iconButton } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { t } from './card.js';

/** @typedef {import('./state.js').Desk} Desk */
/** @typedef {import('./index.js').Act} Act */
/** @typedef {import('./model.js').Appointment} Appointment */

/** Their WhatsApp with the words already written. @param {Appointment} a @param {string} who @returns {string | null} */
export function whatsappLink(a, who) {
  const number = (a.contact.phone ?? '').replace(/\D/g, '');
  if (!a.contact.whatsapp || number.length < 10) return null;
  const text = t('whatsapp_text', { name: a.contact.display_name.split(' ')[0], date: fmt.date(a.starts_at).slice(0, 5), time: fmt.time(a.starts_at), who, clinic: clinic.peek()?.name ?? '' });
  return `https://wa.me/${number.length > 11 ? number : '55' + number}?text=${encodeURIComponent(text)}`;
}

/** "Dra. Ana": enough beside a time. @param {string} [name] */
const shortName = (name = '') => /^(\S+\.\s+)?\S+/.exec(name)?.[0] ?? name;

/** Friday asks about Monday. @param {string} date */
const nextWorkday = (date) => addDays(date, [1, 1, 1, 1, 3, 2, 1][weekdayOf(date) - 1]);

const LONG_WAIT = 20;
const SHOWN = 8;

/** @param {Desk} desk @param {HTMLElement} host @param {Act} act @returns {() => void} */
export function mountSide(desk, host, act) {
  const made = scope(() => {
    const { upcoming, elsewhere } = followOthers(desk);
    const open = computed(() => (desk.wide.value ? desk.side.value : desk.sideFloat.value));
    // Who waits is about today, whatever day is on screen.
    const waiting = computed(() => (showsToday(desk) ? desk.store.data.value?.appointments ?? [] : elsewhere.value).filter((a) => a.status === 'arrived' && dayOf(a.starts_at) === desk.now.value.date).sort((x, y) => String(x.arrived_at).localeCompare(String(y.arrived_at))));
    const fitIns = computed(() => (desk.store.data.value?.appointments ?? []).filter((a) => a.fit_in && !a.status.startsWith('cancelled')).sort((x, y) => x.starts_at.localeCompare(y.starts_at)));
    const close = () => void ((desk.wide.peek() ? desk.side : desk.sideFloat).value = false);
    return h('aside', { class: 'ag-side', 'aria-label': () => t('side_label'), hidden: () => !open.value },
      h('div', { class: 'ag-side-head' }, h('h2', null, () => t('side_label')), iconButton({ icon: 'close', small: true, label: () => t('side_close'), onClick: close })),
      part(() => t('waiting'), waiting, () => t('waiting_none'), (a) => waitingRow(desk, a, act)),
      part(() => t('to_confirm'), upcoming, () => t('to_confirm_none'), (a) => confirmRow(desk, a, act)),
      part(() => t('fit_ins'), fitIns, () => t('fit_ins_none'), (a) => row(a, act, () => [fmt.time(a.value.starts_at), shortName(desk.person(a.value.professional_id)?.name)].filter(Boolean).join(' · '))));
  }, { detached: true });
  host.append(made.value);
  return () => {
    made.dispose();
    made.value.remove();
  };
}

/** @param {() => string} title @param {{readonly value: Appointment[]}} items @param {() => string} none @param {(a: import('../../kernel/signal.js').Signal<Appointment>) => Element} make */
function part(title, items, none, make) {
  return h('section', null, h('h3', null, title, h('span', null, () => String(items.value.length))),
    h('p', { class: 'none', hidden: () => items.value.length > 0 }, none),
    each(h('ul', { hidden: () => !items.value.length }), () => items.value.slice(0, SHOWN), (a) => a.id, make),
    () => items.value.length > SHOWN && h('p', { class: 'none' }, t('to_confirm_more', { count: items.value.length - SHOWN })));
}

/** @param {import('../../kernel/signal.js').Signal<Appointment>} a @param {Act} act @param {() => string} about @param {...Element | (() => any)} more */
function row(a, act, about, ...more) {
  return h('li', null, h('button', { type: 'button', class: 'who', onClick: () => act('openAny', a.peek()) }, h('b', null, () => a.value.contact.display_name), h('small', null, about)), more);
}

/** @param {Desk} desk @param {import('../../kernel/signal.js').Signal<Appointment>} a @param {Act} act */
function waitingRow(desk, a, act) {
  const minutes = computed(() => {
    void desk.now.value;
    return a.value.arrived_at ? Math.max(0, Math.floor((desk.time() - Date.parse(a.value.arrived_at)) / 60000)) : 0;
  });
  const long = () => minutes.value >= LONG_WAIT;
  return row(a, act, () => t('waiting_since', { who: shortName(desk.person(a.value.professional_id)?.name), time: a.value.arrived_at ? fmt.time(a.value.arrived_at) : '' }),
    h('span', { class: 'wait', 'data-long': () => long() || null }, () => long() && icon('clock', { size: 'small', label: t('waiting_long') }), () => t('waiting_min', { count: minutes.value })));
}

/** @param {Desk} desk @param {import('../../kernel/signal.js').Signal<Appointment>} a @param {Act} act */
function confirmRow(desk, a, act) {
  const who = () => desk.person(a.value.professional_id)?.name ?? '';
  const day = () => (dayOf(a.value.starts_at) === addDays(desk.now.value.date, 1) ? t('tomorrow').toLocaleLowerCase() : dayOf(a.value.starts_at) === desk.now.value.date ? t('today').toLocaleLowerCase() : fmt.shortDate(a.value.starts_at));
  const link = () => {
    const href = whatsappLink(a.value, who());
    const label = t('whatsapp_name', { name: a.value.contact.display_name });
    return href && h('a', { class: 'button ghost small icon-only', href, target: '_blank', rel: 'noopener noreferrer', 'aria-label': label, title: label }, icon('message'));
  };
  const confirm = () => desk.mayEdit.value && iconButton({
    icon: 'check', small: true, label: t('confirm_name', { name: a.value.contact.display_name }),
    onClick: () => act('set', a.peek(), a.peek().status === 'requested' ? 'booked' : 'confirmed'),
  });
  return row(a, act, () => [`${day()}, ${fmt.time(a.value.starts_at)}`, shortName(who())].filter(Boolean).join(' · '), link, confirm);
}

/** @param {Desk} desk */
function showsToday(desk) {
  const { date, view } = desk.store.at.value;
  return view !== 'week' && date === desk.now.value.date;
}

/** What the day on screen does not hold: the unconfirmed of the next days and today's waiting room; read again whenever the agenda changes. @param {Desk} desk */
function followOthers(desk) {
  const upcoming = signal(/** @type {Appointment[]} */ ([]));
  const elsewhere = signal(/** @type {Appointment[]} */ ([]));
  let turn = 0;
  let timer = 0;
  onDispose(() => clearTimeout(timer));
  effect(() => {
    clearTimeout(timer);
    // Under the cover the server refuses; it is asked afterwards.
    if (!desk.store.data.value || cover.value !== 'none') return;
    void showsToday(desk);
    // An act changes the agenda three times: shown, answered, told by the line. Once it rests, this is asked once.
    timer = window.setTimeout(read, turn ? 300 : 0);
  });
  function read() {
    const { date } = desk.now.peek();
    const mine = ++turn;
    const ask = (/** @type {string} */ status, /** @type {string} */ until) => get('/api/appointments', { date_from: date, date_to: until, status, limit: 50 });
    Promise.all([ask('requested', nextWorkday(date)), ask('booked', nextWorkday(date)), showsToday(desk) ? { items: [] } : ask('arrived', date)]).then(([requested, booked, arrived]) => {
      if (mine !== turn) return;
      elsewhere.value = arrived.items;
      upcoming.value = [...requested.items, ...booked.items].filter((a) => Date.parse(a.starts_at) > desk.time()).sort((x, y) => x.starts_at.localeCompare(y.starts_at));
    }, () => {});
  }
  return { upcoming, elsewhere };
}

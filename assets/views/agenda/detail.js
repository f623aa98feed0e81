// The appointment panel: what is known, the next step as one button, and everything else that may be done.
import { h } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { can } from '../../api/session.js';
import { dayOf, fmt } from '../../i18n/index.js';
import { button, linkButton } from '../../ui/button.js';
import { formatPhone } from '../../ui/masks.js';
import { menu } from '../../ui/menu.js';
import { openPanel } from '../../ui/panel.js';
import { glyph, kindWord, spanWord, statusWord, stepWord, t } from './card.js';
import { nextStep } from './model.js';
import { whatsappLink } from './side.js';
import { stepsFrom } from './status.js';

/** @typedef {import('./hands.js').Desktop} Desktop */
/** @typedef {import('./model.js').Appointment} Appointment */

const BACK = new Set(['arrived>booked', 'arrived>confirmed', 'confirmed>booked', 'in_care>arrived', 'done>in_care', 'no_show>booked', 'no_show>confirmed', 'cancelled_by_patient>booked', 'cancelled_by_clinic>booked']);

/** @param {Appointment} a @param {import('./model.js').Status} to */
const stepLabel = (a, to) => (BACK.has(a.status + '>' + to) ? t(/** @type {any} */ ('step_back_' + to)) : stepWord(to));

/** @param {Desktop} desktop @param {Appointment} start */
export async function openDetail(desktop, start) {
  const { desk } = desktop;
  let last = start;
  await openPanel({
    title: () => start.contact.display_name, subtitle: () => fmt.weekdayDate((desk.store.data.value?.appointments.find((one) => one.id === start.id) ?? last).starts_at),
    body: () => {
      // A day not on screen keeps what was last known.
      const a = computed(() => (last = desk.store.data.value?.appointments.find((one) => one.id === start.id) ?? last));
      return detailBody(desktop, a);
    },
    onClose: () => {
      if (desk.opened.peek() === start.id) desk.opened.value = null;
    },
  });
  desk.opened.value = start.id;
}

/** @param {Desktop} desktop @param {import('../../kernel/signal.js').ReadSignal<Appointment>} a */
function detailBody(desktop, a) {
  const { desk, acts } = desktop;
  const edit = () => desk.mayEdit.value;
  const next = (/** @type {Appointment} */ one) => nextStep(one.status, dayOf(one.starts_at) > desk.now.value.date);
  const who = () => desk.person(a.value.professional_id)?.name ?? '';
  const steps = button({ label: () => t('other_steps'), icon: 'more' });
  menu(steps, () => {
    const now = a.peek();
    return [
      ...stepsFrom(now.status).filter((to) => to !== next(now) && !to.startsWith('cancelled')).map((to) => ({ label: stepLabel(now, to), onSelect: () => void acts.setStatus(now, to) })),
      stepsFrom(now.status).some((to) => to.startsWith('cancelled')) && { label: t('cancel_appointment'), icon: 'ban', danger: true, onSelect: () => void import('./change.js').then((module) => module.askCancel(desktop, now)) },
    ];
  }, { align: 'end' });
  const primary = () => {
    const to = next(a.value);
    return to && button({ label: stepWord(to), kind: 'primary', onClick: () => void acts.setStatus(a.peek(), to), props: { 'data-step': to } });
  };
  return [
    h('p', { class: 'ag-badge' }, () => h('span', { class: 'state', 'data-status': a.value.status }, glyph(a.value.status), statusWord(a.value.status)), () => a.value.fit_in && h('span', { class: 'badge' }, t('fit_in')), () => a.value.contact.first_visit && h('span', { class: 'badge warn' }, t('first_time'))),
    () => edit() && h('div', { class: 'ag-steps' }, primary, stepsFrom(a.value.status).length > 0 && steps),
    facts(desktop, a),
    () => a.value.notes && h('p', { class: 'note' }, a.value.notes),
    h('div', { class: 'ag-links' },
      () => edit() && button({ label: t('edit'), icon: 'edit', onClick: () => void import('./book.js').then((module) => module.openBooking(desktop, { appointment: a.peek() })) }),
      () => edit() && button({ label: t('move'), icon: 'calendar', onClick: () => void import('./change.js').then((module) => module.askMove(desktop, a.peek())) }),
      button({ label: t('history'), icon: 'clock', onClick: () => void import('../../history/appointment.js').then((module) => module.openAppointmentHistory(a.peek())) }),
      () => whatsapp(a.value, who()),
      () => can('view_contacts') && linkButton({ label: t('open_patient'), icon: 'person', href: `/contacts/${a.value.contact_id}` })),
  ];
}

/** @param {Appointment} a @param {string} who */
function whatsapp(a, who) {
  const href = whatsappLink(a, who);
  return href && linkButton({ label: t('whatsapp'), icon: 'message', href, props: { target: '_blank', rel: 'noopener noreferrer', 'aria-label': t('whatsapp_name', { name: a.contact.display_name }) } });
}

/** @param {Desktop} desktop @param {import('../../kernel/signal.js').ReadSignal<Appointment>} a */
function facts({ desk }, a) {
  const rows = () => {
    const { starts_at, ends_at, duration_min, room_id, tag_id, contact, arrived_at, in_care_at, done_at, cancellation_reason } = a.value;
    const room = desk.store.data.value?.rooms.find((one) => one.id === room_id)?.name;
    const waited = arrived_at && in_care_at ? Math.max(0, Math.round((Date.parse(in_care_at) - Date.parse(arrived_at)) / 60000)) : null;
    return /** @type {[string, Node | string | null | undefined | false][]} */ ([
      [t('time'), `${fmt.time(starts_at)} – ${fmt.time(ends_at)} (${spanWord(duration_min)})`],
      [t('professional'), [desk.person(a.value.professional_id)?.name, room].filter(Boolean).join(' · ')],
      [t('kind'), kindWord(a.value.kind)],
      [t('phone'), contact.phone && h('a', { href: 'tel:+55' + contact.phone }, formatPhone(contact.phone))],
      [t('tag'), desk.tags.value.get(tag_id ?? 0)?.name],
      [t('arrived_at'), arrived_at && fmt.time(arrived_at) + (waited === null ? '' : `, ${t('waited', { span: spanWord(waited) })}`)],
      [t('in_care_at'), in_care_at && fmt.time(in_care_at)],
      [t('done_at'), done_at && fmt.time(done_at)],
      [t('reason'), cancellation_reason],
    ]).filter(([, value]) => value);
  };
  return h('dl', { class: 'ag-facts' }, () => rows().flatMap(([name, value]) => [h('dt', null, name), h('dd', null, value)]));
}

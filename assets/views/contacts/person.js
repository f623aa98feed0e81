// The page of one patient: who it is at a glance, how to reach them, their appointments and their data.
import { h } from '../../kernel/dom.js';
import { effect, onDispose, signal } from '../../kernel/signal.js';
import { ApiError, get } from '../../api/client.js';
import { connection, onAct, onResync } from '../../api/events.js';
import { can } from '../../api/session.js';
import { area } from '../../i18n/index.js';
import { registerKeys } from '../../shell/keys.js';
import { button, linkButton } from '../../ui/button.js';
import { empty } from '../../ui/empty.js';
import { avatar, icon } from '../../ui/icon.js';
import { skeleton } from '../../ui/skeleton.js';
import { e164, formatCpf, formatPhone, whatsappUrl } from '../../base/brazil.js';
import { backHeader } from './back.js';
import { personData } from './person-data.js';
import { birthText, statusBadge, t, word } from './person-words.js';
import { createVisits, visitSections } from './visits.js';

const tHistory = await area('history');

/** @typedef {Record<string, any>} Contact */

/** Reads a contact and keeps it fresh while the page is open. @param {number} id */
function createPerson(id) {
  const contact = signal(/** @type {Contact | null} */ (null));
  const problem = signal(/** @type {'missing' | 'failed' | null} */ (null));
  async function load() {
    try {
      contact.value = await get(`/api/contacts/${id}`);
      problem.value = null;
    } catch (error) {
      problem.value = error instanceof ApiError && [400, 404, 422].includes(error.status) ? 'missing' : contact.peek() ? null : 'failed';
    }
  }
  void load();
  return { contact, problem, load };
}

/** @param {import('../../router.js').Context} ctx @returns {import('../../router.js').View} */
export function personPage(ctx) {
  const id = Number(ctx.params.id);
  const person = createPerson(id);
  const visits = createVisits(id);
  onDispose(onAct((act) => {
    if (act.entity === 'contact' && act.id === id) void person.load();
    if (act.entity === 'appointment') void visits.load();
  }));
  onDispose(onResync(() => void Promise.all([person.load(), visits.load()])));
  effect(() => {
    if (connection.value !== 'live') return;
    if (person.problem.peek() === 'failed') void person.load();
    if (visits.failed.peek()) void visits.load();
  });
  const group = () => t('title');
  if (can('edit_contacts')) registerKeys([{ key: 'e', label: () => t('edit_person'), group, run: () => void ctx.navigate(`/contacts/${id}/edit`) }]);
  if (can('edit_appointments')) registerKeys([{ key: 'n', label: () => t('schedule'), group, run: () => void ctx.navigate(`/agenda?new=1&contact_id=${id}`) }]);
  const node = h('div', { class: 'page person-page' },
    () => {
      if (person.contact.value && !person.problem.value) return header(person.contact.value);
      return [h('h1', { class: 'visually-hidden' }, t('col_name')), person.problem.value ? trouble(person) : skeleton({ lines: 3 })];
    },
    h('div', { class: 'person-columns', hidden: () => !person.contact.value || Boolean(person.problem.value) },
      h('div', { class: 'person-visits' }, visitSections(visits)), () => person.contact.value && personData(person.contact.value)));
  return { node, header: backHeader(), title: () => person.contact.value?.display_name ?? t('col_name') };
}

/** @param {ReturnType<typeof createPerson>} person */
function trouble(person) {
  if (person.problem.value === 'missing') return empty({ icon: 'person', title: () => t('person_missing'), text: () => t('person_missing_text'), action: linkButton({ label: () => t('back_to_list'), href: '/contacts' }) });
  return empty({ icon: 'warning', title: () => t('person_failed'), text: () => t('list_failed_text'), action: button({ label: () => t('retry'), onClick: () => void person.load() }) });
}

/** @param {Contact} contact */
function header(contact) {
  const urgent = ['high', 'urgent'].includes(contact.priority);
  return h('div', { class: 'person-head' }, avatar({ name: contact.display_name, size: 'large' }),
    h('div', { class: 'person-who' },
      h('div', { class: 'person-name' }, h('h1', null, contact.display_name), statusBadge(contact.status),
        urgent && h('span', { class: ['badge', contact.priority === 'urgent' ? 'bad' : 'warn'] }, icon('flag'), word('priority_is', contact.priority))),
      contact.social_name && h('p', { class: 'muted' }, t('registered_as', { name: contact.name })),
      h('p', { class: 'person-facts' }, [birthText(contact.birth_date), contact.cpf && `${t('col_cpf')} ${formatCpf(contact.cpf)}`, contact.record_number && t('record_no', { number: String(contact.record_number) })]
        .filter(Boolean).map((fact) => h('span', null, fact))),
      h('p', { class: 'person-ways' }, ways(contact)), alerts(contact)),
    h('div', { class: 'button-row person-acts' },
      button({ label: () => tHistory('history'), icon: 'clock', onClick: () => void import('../../history/contact.js').then((module) => module.openContactHistory(/** @type {any} */ (contact))) }),
      can('edit_contacts') && linkButton({ label: () => t('edit_person'), icon: 'edit', href: `/contacts/${contact.id}/edit` }),
      can('edit_appointments') && linkButton({ label: () => t('schedule'), icon: 'calendar', kind: 'primary', href: `/agenda?new=1&contact_id=${contact.id}` })));
}

/** @param {Contact} contact */
function ways(contact) {
  const { phone, email, whatsapp, display_name: name } = contact;
  return [
    phone && h('a', { class: 'way', href: `tel:${e164(phone)}`, 'aria-label': t('call', { phone: formatPhone(phone) }) }, icon('phone', { size: 'small' }), formatPhone(phone)),
    phone && whatsapp && h('a', { class: 'way', href: whatsappUrl(phone), target: '_blank', rel: 'noopener noreferrer', 'aria-label': t('whatsapp_open', { name }) }, icon('message', { size: 'small' }), 'WhatsApp'),
    email && h('a', { class: 'way', href: `mailto:${email}`, 'aria-label': t('mail_to', { email }) }, icon('mail', { size: 'small' }), email),
  ];
}

/** What everyone who receives the person must know. @param {Contact} contact */
const alerts = (contact) => contact.allergies?.length > 0 &&
  h('p', { class: 'person-alert' }, icon('warning', { size: 'small' }), h('strong', null, `${t('f_allergies')}: `), h('span', null, contact.allergies.join(', ')));

// The appointments of one person: what comes and what was, each with its status as icon and word.
import { h } from '../../kernel/dom.js';
import { computed, signal } from '../../kernel/signal.js';
import { get } from '../../api/client.js';
import { area, dayOf, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { skeleton } from '../../ui/skeleton.js';
import { t, visitDay } from './person-words.js';

// The agenda owns these words: one appointment is called the same everywhere.
const tAgenda = await area('agenda');

/** @typedef {{ id: number, starts_at: string, duration_min: number, kind: string, status: string, professional_id: number, professional_name?: string, professional?: { name: string } }} Visit */

const FEW = 5;
const LOOK = /** @type {Record<string, [string, string]>} */ ({
  requested: ['circle-dashed', ''], booked: ['circle', ''], confirmed: ['check', 'ok'], arrived: ['in-room', 'accent'], in_care: ['play', 'accent'],
  done: ['check-double', 'ok'], no_show: ['no-show', 'bad'], left: ['door', 'warn'], cancelled_by_patient: ['ban', ''], cancelled_by_clinic: ['ban', ''],
});

/** @param {string} key @param {string} code */
const agendaWord = (key, code) => tAgenda(/** @type {any} */ (`${key}_${code}`));

/** @param {string} status */
function visitBadge(status) {
  const [name, tone] = LOOK[status] ?? ['circle', ''];
  return h('span', { class: ['badge', tone] }, icon(name), () => agendaWord('status', status));
}

/** @param {Visit} visit */
function visitItem(visit) {
  const who = visit.professional_name ?? visit.professional?.name;
  const gone = visit.status.startsWith('cancelled');
  return h('li', { class: 'visit' },
    h('a', { class: ['visit-when', gone && 'gone'], href: `/agenda?date=${dayOf(visit.starts_at)}&appointment=${visit.id}` },
      h('strong', null, () => visitDay(visit.starts_at)), ' ', h('span', null, () => fmt.time(visit.starts_at))),
    h('span', { class: 'visit-what' }, () => agendaWord('kind', visit.kind), who && h('span', { class: 'muted' }, () => ` ${t('with_professional', { name: who })}`)),
    visitBadge(visit.status));
}

/** @param {number} contactId */
export function createVisits(contactId) {
  const answer = signal(/** @type {{ upcoming: Visit[], past: Visit[] } | null} */ (null));
  const failed = signal(false);
  async function load() {
    try {
      answer.value = await get(`/api/contacts/${contactId}/appointments`);
      failed.value = false;
    } catch {
      failed.value = !answer.peek();
    }
  }
  void load();
  return { answer, failed, load };
}

/** @param {ReturnType<typeof createVisits>} visits */
export function visitSections(visits) {
  const all = signal(false);
  const past = computed(() => visits.answer.value?.past ?? []);
  /** @param {'upcoming' | 'past'} part @param {() => Visit[]} items @param {() => any} [more] */
  const section = (part, items, more) => h('section', { class: 'card visits', 'aria-label': () => t(part) },
    h('div', { class: 'card-head' }, h('h2', null, () => t(part)), h('span', { class: 'muted' }, () => (visits.answer.value && items().length ? fmt.number(visits.answer.value[part].length) : ''))),
    () => {
      if (visits.failed.value) return h('div', { class: 'card-body button-row' }, h('p', null, t('visits_failed')), button({ label: () => t('retry'), small: true, onClick: () => void visits.load() }));
      if (!visits.answer.value) return h('div', { class: 'card-body' }, skeleton({ lines: 2 }));
      if (!items().length) return h('p', { class: 'card-body muted' }, t(part === 'upcoming' ? 'upcoming_none' : 'past_none'));
      return [h('ul', { class: 'visit-list' }, items().map(visitItem)), more?.()];
    });
  return [
    section('upcoming', () => visits.answer.value?.upcoming ?? []),
    section('past', () => (all.value ? past.value : past.value.slice(0, FEW)), () => !all.value && past.value.length > FEW &&
      h('div', { class: 'visit-more' }, button({ label: () => t('show_more_past', { count: past.value.length - FEW }), kind: 'link', onClick: () => (all.value = true) }))),
  ];
}

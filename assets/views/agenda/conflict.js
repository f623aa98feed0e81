// What is in the way, in words, and what to do instead: the next free times, or a knowing fit-in.
import { h } from '../../kernel/dom.js';
import { can } from '../../api/session.js';
import { dayOf, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { dialog } from '../../ui/dialog.js';
import { icon } from '../../ui/icon.js';
import { holidayWord, t } from './card.js';

/** @typedef {{starts_at?: string, force?: boolean}} Choice */
/** @typedef {{what: 'professional' | 'room' | 'patient', starts_at: string, ends_at: string, contact_display_name: string, professional_id: number, booked_by: string | null}} Conflict */

/** @param {any} problem @param {import('./state.js').Store} store @returns {string[]} */
export function reasons(problem, store) {
  if (problem.code === 'slot_taken') return (problem.conflicts ?? []).map((/** @type {Conflict} */ conflict) => conflictWord(conflict, store));
  if (problem.code === 'lunch') return [t('conflict_lunch')];
  if (problem.code === 'blocked') return [problem.reason ? t('conflict_blocked', { reason: problem.reason }) : t('conflict_blocked_plain')];
  if (problem.code === 'holiday') return [t('conflict_holiday', { name: holidayWord(problem.reason ?? '') || t('why_holiday') })];
  return [t('conflict_outside')];
}

/** @param {Conflict} conflict @param {import('./state.js').Store} store */
function conflictWord(conflict, store) {
  const who = store.people.peek().find((person) => person.id === conflict.professional_id)?.name ?? '';
  const words = t(`conflict_${conflict.what}`, { name: conflict.contact_display_name, from: fmt.time(conflict.starts_at), to: fmt.time(conflict.ends_at), who });
  return conflict.booked_by ? `${words} (${t('conflict_by', { by: conflict.booked_by })})` : words;
}

/**
 * @param {any} error the server's refusal @param {import('./state.js').Store} store
 * @param {{choose: (choice: Choice) => void, kept?: boolean, only?: boolean, head?: boolean, near?: string}} options `only` tells without offering anything; `near` is the day that was asked for
 */
export function conflictBox(error, store, { choose, kept = false, only = false, head = true, near }) {
  const { problem } = error;
  const frees = only ? [] : problem.alternatives ?? [];
  const force = !only && can('fit_in') && (problem.may_fit_in ?? problem.code === 'slot_taken');
  return h('div', { class: 'ag-conflict' },
    head && h('h3', null, icon('warning', { size: 'small' }), t('conflict_title')),
    h('ul', null, reasons(problem, store).map((text) => h('li', null, text))),
    kept && h('p', { class: 'muted' }, t('conflict_kept')),
    frees.length > 0 && h('p', { class: 'label' }, t('conflict_free')),
    frees.length > 0 && h('div', { class: 'frees' }, frees.map((/** @type {{starts_at: string}} */ free) =>
      button({ label: dayOf(free.starts_at) === near ? fmt.time(free.starts_at) : t('conflict_use', { time: fmt.time(free.starts_at), date: plainDay(free.starts_at) }), onClick: () => choose({ starts_at: free.starts_at }) }))),
    force && h('div', null, button({ label: t('conflict_force'), icon: 'layers', onClick: () => choose({ force: true }) })));
}

/** "qui 26 nov" @param {string} instant */
const plainDay = (instant) => fmt.shortDate(instant).replaceAll('.', '').replaceAll(' de ', ' ').replace(',', '');

/** @param {any} error @param {import('./state.js').Store} store @param {{only?: boolean, near?: string}} [options] @returns {Promise<Choice | undefined>} */
export async function conflictDialog(error, store, { only = false, near } = {}) {
  const opened = dialog({
    title: t('conflict_title'), size: 'narrow',
    body: (close) => conflictBox(error, store, { choose: close, only, near, head: false }),
    foot: (close) => button({ label: t(only ? 'close' : 'keep_as_was'), onClick: () => close() }),
  });
  return opened.closed;
}

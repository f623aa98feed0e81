// How many people this computer carries: what was measured, measuring it with its progress, and what earlier versions carried.
import { h } from '../../kernel/dom.js';
import { computed, onDispose, signal } from '../../kernel/signal.js';
import { ApiError, get, post } from '../../api/client.js';
import { can } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button } from '../../ui/button.js';
import { confirm, dialog } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { table } from '../../ui/table.js';
import { toast } from '../../ui/toast.js';
import { t } from './words.js';

/** @typedef {import('../../types/api.js').Capacity} Capacity */
/** @typedef {import('../../types/api.js').Past} Past */

const PATH = '/api/observability/capacity';
const UNDER_WAY_MS = 2000;
const STILL_MS = 60_000;
/** As many as the server tries unless it is told otherwise. */
const PEOPLE = 500;
const STAGES = ['making', 'hiring', 'signing_in', 'measuring', 'measured', 'proving'];

export function capacity() {
  const now = signal(/** @type {Capacity | null | undefined} */ (undefined));
  let timer = 0;
  async function read() {
    clearTimeout(timer);
    await get(PATH).then((answer) => (now.value = answer), () => (now.value ??= null));
    timer = window.setTimeout(() => void read(), now.peek()?.under_way ? UNDER_WAY_MS : STILL_MS);
  }
  void read();
  onDispose(() => clearTimeout(timer));
  const begin = () => void measure().then((answer) => {
    if (!answer) return;
    now.value = answer;
    void read();
  });
  const busy = computed(() => Boolean(now.value?.under_way));
  const past = computed(() => now.value?.past ?? []);
  return h('section', { class: 'card health-capacity', 'aria-labelledby': 'health-capacity' },
    h('div', { class: 'card-head' }, h('h2', { id: 'health-capacity' }, () => t('capacity')),
      can('measure_capacity') && button({ label: () => t('measure'), icon: 'device', disabled: () => busy.value, onClick: begin })),
    h('div', { class: 'health-capacity-body' },
      h('p', null, () => (now.value === undefined ? t('loading') : now.value === null ? t('capacity_failed') : found(now.value))),
      () => foundNothing(now.value) && h('p', { class: 'note warn' }, icon('warning'), t('carries_none')),
      () => now.value?.worse_by_percent && h('p', { class: 'note warn' }, icon('warning'), t('worse', { count: now.value.worse_by_percent })),
      () => now.value?.failed && h('div', { class: 'note bad' }, icon('error'), h('div', null, h('p', null, t('measure_failed')), h('code', null, now.value.failed))),
      h('div', { role: 'status' }, () => (busy.value ? progress(now) : null)),
      h('div', { hidden: () => !past.value.length }, pastTable(() => past.value))));
}

/** @param {Capacity} now */
function found({ limit_from: from }) {
  if (!from) return t('never_measured');
  const many = t(from.reached_target ? 'carries_at_least' : 'carries', { count: from.people });
  return `${many} ${t('carries_limits', { recommended: from.recommended, alert: from.alert_at })} ${t('carries_when', { at: fmt.dateTime(from.measured_at), version: from.version })}`;
}

/** Whether the newest measurement held in no step, so that the limit is still the one before. @param {Capacity | null | undefined} now */
const foundNothing = (now) => now?.past[0]?.people === 0 && !now.past[0].ended_early;

/** @param {import('../../kernel/signal.js').Signal<Capacity | null | undefined>} now */
function progress(now) {
  const step = () => now.value?.under_way;
  const words = () => {
    const stage = STAGES.includes(step()?.stage ?? '') ? t(/** @type {any} */ (`stage_${step()?.stage}`)) : t('stage_measuring');
    return step()?.people ? `${stage} (${t('n_people', { count: step()?.people ?? 0 })})` : stage;
  };
  return h('div', { class: 'health-progress' }, h('p', null, words),
    h('progress', { 'aria-label': () => t('measure'), max: () => step()?.total || 1, value: () => step()?.done ?? 0 }));
}

/** Asks with how many people, and again when the clinic is open. @returns {Promise<Capacity | null>} */
async function measure() {
  const asked = dialog({
    title: t('measure_title'), size: 'narrow', body: (close) => [h('p', null, t('measure_text')), form({
      label: t('measure_title'), submit: t('measure_start'), submitIcon: 'device', onCancel: () => close(),
      body: h('div', { class: 'cols' },
        field({ name: 'people', type: 'number', label: () => t('measure_people'), hint: () => t('measure_people_hint'), value: PEOPLE, class: 'w6', props: { min: 1, max: 5000, step: 1, inputmode: 'numeric' } }),
        field({ name: 'minutes', type: 'number', label: () => t('measure_minutes'), value: 1, class: 'w6', props: { min: 1, max: 30, step: 1, inputmode: 'numeric' } })),
      onSubmit: async (values) => close(await start({ ...values, confirmed: false })),
    }).node],
  });
  return (await asked.closed) ?? null;
}

/** @param {{ people?: number, minutes?: number, confirmed: boolean }} wish @returns {Promise<Capacity | null>} */
async function start(wish) {
  try {
    return await post(PATH, wish);
  } catch (error) {
    // What is wrong with a field is said at the field.
    if (!(error instanceof ApiError) || error.code === 'invalid') throw error;
    if (error.code !== 'clinic_open') return refused(error);
    if (!(await confirm({ title: t('open_title'), text: problemText(error), action: t('measure_anyway'), danger: true }))) return null;
    return post(PATH, { ...wish, confirmed: true }).catch(refused);
  }
}

/** @param {unknown} error */
function refused(error) {
  toast({ text: problemText(error) });
  return null;
}

/** @param {() => readonly Past[]} items */
const pastTable = (items) => table({
  caption: () => t('past'), items, key: (one) => one.measured_at, columns: [
    { label: () => t('past_when'), cell: (one) => fmt.dateTime(one.measured_at) },
    { label: () => t('past_people'), end: true, cell: (one) => (one.reached_target ? t('at_least', { count: one.people }) : fmt.number(one.people)) },
    { label: () => t('past_recommended'), end: true, hide: 'narrow', cell: (one) => (one.ended_early ? '–' : fmt.number(one.recommended)) },
    { label: () => t('past_alert'), end: true, hide: 'narrow', cell: (one) => (one.ended_early ? '–' : fmt.number(one.alert_at)) },
    { label: () => t('version'), hide: 'narrow', cell: (one) => one.version },
    { label: () => t('past_note'), hide: 'medium', cell: (one) => (one.ended_early ? t('ended_early') : '') },
  ],
});

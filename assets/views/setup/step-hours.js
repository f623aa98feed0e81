// Step 2: opening hours, already filled in, and who sees patients.
import { each, h } from '../../kernel/dom.js';
import { signal } from '../../kernel/signal.js';
import { clinicPath, get, patch, post } from '../../api/client.js';
import { loadSession, user } from '../../api/session.js';
import { area } from '../../i18n/index.js';
import { button, iconButton } from '../../ui/button.js';
import { checkbox, field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { timeField } from '../../ui/time-field.js';

const t = await area('setup');

/** @param {string} prefix @param {number} opens @param {number} closes */
const span = (prefix, opens, closes) => [
  timeField({ name: `${prefix}.opens`, label: () => t('opens'), value: opens }),
  timeField({ name: `${prefix}.closes`, label: () => t('closes'), value: closes }),
];

/** @param {import('../../kernel/signal.js').Signal<boolean>} lunch @param {import('../../kernel/signal.js').Signal<boolean>} saturday */
function hoursPart(lunch, saturday) {
  const line = (/** @type {string} */ name, /** @type {Node} */ first, /** @type {import('../../kernel/dom.js').Child} */ rest) => h('div', { class: 'hours-line', role: 'group', 'aria-label': name }, first, rest);
  return h('section', { 'aria-label': () => t('hours') }, h('h2', null, () => t('hours')),
    line(t('hours_weekdays'), h('strong', null, () => t('hours_weekdays')), span('week', 480, 1080)),
    line(t('lunch'), checkbox({ name: 'lunch', label: () => t('lunch'), value: true, onInput: (on) => (lunch.value = on) }),
      () => lunch.value && [timeField({ name: 'week.lunch_from', label: () => t('lunch_from'), value: 720 }), timeField({ name: 'week.lunch_to', label: () => t('lunch_to'), value: 780 })]),
    line(t('hours_saturday'), checkbox({ name: 'saturday', label: () => t('hours_saturday'), onInput: (on) => (saturday.value = on) }), () => saturday.value && span('sat', 480, 720)));
}

/** @param {import('../../kernel/signal.js').Signal<boolean>} attends @param {import('../../kernel/signal.js').Signal<readonly number[]>} rows */
function peoplePart(attends, rows) {
  let last = 0;
  const add = () => {
    rows.value = [...rows.peek(), ++last];
    queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector(`[name="pro${last}.name"]`))?.focus());
  };
  const list = each(h('div', { class: 'form' }), () => rows.value, (id) => id, (_, id) => {
    const number = () => ({ n: rows.value.indexOf(Number(id)) + 1 });
    return h('div', { class: 'pro-line' },
      field({ name: `pro${id}.name`, label: () => t('professional_name', number()), props: { autocomplete: 'off', maxlength: 120 } }),
      field({ name: `pro${id}.specialty`, label: () => t('specialty'), optional: true, props: { autocomplete: 'off', maxlength: 80, list: 'specialties' } }),
      iconButton({ icon: 'trash', label: () => t('professional_remove', number()), onClick: () => (rows.value = rows.peek().filter((one) => one !== id)) }));
  });
  return h('section', { 'aria-label': () => t('professionals') }, h('h2', null, () => t('professionals')),
    checkbox({ name: 'attends', label: () => t('i_attend'), onInput: (on) => (attends.value = on) }),
    () => attends.value && field({ name: 'specialty', label: () => t('my_specialty'), optional: true, props: { autocomplete: 'off', maxlength: 80, list: 'specialties' } }),
    list, h('p', { class: 'muted caption' }, () => t('professionals_hint')), h('div', null, button({ label: () => t('professional_add'), icon: 'plus', onClick: add })));
}

/** @param {Record<string, any>} values */
function openingHours(values) {
  const { week, sat } = values;
  const lunch = { lunch_from: week.lunch_from ?? null, lunch_to: week.lunch_to ?? null };
  const days = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opens: week.opens, closes: week.closes, ...lunch }));
  return sat ? [...days, { weekday: 6, opens: sat.opens, closes: sat.closes, lunch_from: null, lunch_to: null }] : days;
}

/** @param {Record<string, any>} values */
function checkHours({ week, sat, attends, ...rest }) {
  const problems = [];
  // An agenda needs a column: without anybody who sees patients nothing could be booked.
  if (!attends && !Object.keys(rest).some((name) => name.startsWith('pro'))) problems.push({ pointer: '/attends', code: 'nobody_attends' });
  if (week.closes <= week.opens) problems.push({ pointer: '/week/closes', code: 'before_start' });
  if (week.lunch_from !== undefined && week.lunch_to <= week.lunch_from) problems.push({ pointer: '/week/lunch_to', code: 'before_start' });
  if (sat && sat.closes <= sat.opens) problems.push({ pointer: '/sat/closes', code: 'before_start' });
  return problems;
}

/** Each person once, even when an earlier attempt got half way. @param {Record<string, any>} values @param {Set<string>} done */
async function addPeople(values, done) {
  const me = user.peek();
  if (values.attends && me && !me.is_professional) {
    const own = await get(clinicPath(`/users/${me.id}`));
    await patch(clinicPath(`/users/${me.id}`), { is_professional: true, specialty: values.specialty ?? null }, own.version);
  }
  for (const [name, person] of Object.entries(values).filter(([name]) => /^pro\d+$/.test(name))) {
    if (done.has(name)) continue;
    await post(clinicPath('/users'), { name: person.name, specialty: person.specialty, roles: ['professional'], is_professional: true });
    done.add(name);
  }
}

/** @param {import('./index.js').Wizard} wizard */
export function stepHours(wizard) {
  const lunch = signal(true);
  const saturday = signal(false);
  const attends = signal(false);
  const rows = signal(/** @type {readonly number[]} */ ([]));
  const done = new Set();
  const specialties = h('datalist', { id: 'specialties' });
  void get(clinicPath()).then((clinic) => specialties.append(...(clinic.specialties ?? []).map((/** @type {string} */ one) => h('option', { value: one }))), () => {});
  const filling = form({
    label: () => t('step2'), submit: () => t('step2_next'), check: checkHours,
    body: [hoursPart(lunch, saturday), peoplePart(attends, rows), specialties],
    onSubmit: async (values) => {
      const clinic = await get(clinicPath());
      await patch(clinicPath(), { opening_hours: openingHours(values) }, clinic.version);
      await addPeople(values, done);
      await loadSession();
      wizard.go('recovery');
    },
  });
  return h('div', { class: 'setup-card' }, filling.node);
}

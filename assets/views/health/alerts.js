// The alerts: what each means and what to do, "I know" and "be quiet for", then those that ended and what is watched.
import { each, h } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { post } from '../../api/client.js';
import { can, user } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { menu } from '../../ui/menu.js';
import { toast } from '../../ui/toast.js';
import { alertFigure, alertMeaning, alertRemedy, alertStanding, alertTitle, t } from './words.js';

/** @typedef {import('../../types/api.js').AlertState} Alert */
/** @typedef {import('./state.js').State} State */

const TONES = { info: 'info', warning: 'warn', critical: 'bad' };
const ICONS = { info: 'info', warning: 'warning', critical: 'error' };
/** @type {Alert['state'][]} */
const SHOWN = ['firing', 'acknowledged', 'silenced'];
const SILENCES = /** @type {const} */ ({ silence_hour: 60, silence_day: 1440, silence_week: 10080 });

/** @param {State} state */
export function alerts(state) {
  const inState = (/** @type {Alert['state'][]} */ wanted) => (state.alerts.value ?? []).filter((one) => wanted.includes(one.state));
  const shown = computed(() => inState(SHOWN).sort((a, b) => SHOWN.indexOf(a.state) - SHOWN.indexOf(b.state)));
  const ended = computed(() => inState(['resolved']));
  return h('section', { class: 'health-alerts', 'aria-labelledby': 'health-alerts', hidden: () => !shown.value.length && !ended.value.length },
    h('h2', { id: 'health-alerts' }, () => t('alerts')),
    each(h('ul', { class: 'health-alert-list', hidden: () => !shown.value.length }), () => shown.value, keyOf, (alert) => row(alert, state)),
    each(h('ul', { class: 'health-ended', 'aria-label': () => t('ended'), hidden: () => !ended.value.length }), () => ended.value, keyOf, (alert) => h('li', null,
      icon('ok'), h('span', null, h('b', null, () => alertTitle(alert.value)), ' ', h('span', { class: 'muted' }, () => alertStanding(alert.value, user.value?.id))))));
}

/** @param {Alert} alert */
const keyOf = (alert) => `${alert.rule} ${alert.clinic_id ?? ''}`;

/** @param {import('../../kernel/signal.js').Signal<Alert>} alert @param {State} state */
function row(alert, state) {
  const quiet = () => alert.value.state !== 'firing';
  return h('li', { class: () => ['card health-alert', quiet() ? '' : TONES[alert.value.severity]] },
    icon(() => ICONS[alert.value.severity]),
    h('div', null,
      h('div', { class: 'health-alert-head' }, h('h3', null, () => alertTitle(alert.value)),
        h('span', { class: () => `badge ${quiet() ? '' : TONES[alert.value.severity]}` }, () => t(`state_${alert.value.state}`)),
        h('span', { class: 'muted' }, () => alertStanding(alert.value, user.value?.id))),
      h('p', null, () => alertMeaning(alert.value)), h('p', null, h('b', null, () => t('what_to_do')), ' ', () => alertRemedy(alert.value)),
      h('p', { class: 'muted', hidden: () => !alertFigure(alert.value) }, () => alertFigure(alert.value)), can('manage_alerts') && acts(alert, state)));
}

/** @param {import('../../kernel/signal.js').Signal<Alert>} alert @param {State} state */
function acts(alert, state) {
  const about = () => alertTitle(alert.value);
  const silence = button({ label: () => t('silence_for'), icon: 'clock', props: { 'aria-label': () => t('silence_of', { title: about() }) } });
  menu(silence, () => /** @type {(keyof typeof SILENCES)[]} */ (Object.keys(SILENCES)).map((name) => ({ label: t(name), onSelect: () => void tell(alert.peek(), 'silence', { minutes: SILENCES[name] }, state) })));
  return h('div', { class: 'button-row' },
    button({ label: () => t('acknowledge'), icon: 'check', onClick: () => void tell(alert.peek(), 'acknowledge', undefined, state).then(() => silence.focus()), props: { hidden: () => alert.value.state !== 'firing', 'aria-label': () => t('acknowledge_of', { title: about() }) } }), silence);
}

/** @param {Alert} alert @param {'acknowledge' | 'silence'} act @param {{ minutes: number } | undefined} body @param {State} state */
async function tell(alert, act, body, state) {
  try {
    const now = /** @type {Alert} */ (await post(`/api/observability/alerts/${alert.rule}/${act}`, body ?? null));
    state.alerts.value = (state.alerts.peek() ?? []).map((one) => (keyOf(one) === keyOf(now) ? now : one));
    toast({ text: act === 'silence' && now.silenced_until ? t('silenced_until', { at: fmt.dateTime(now.silenced_until) }) : t('acknowledged_now') });
    await state.look();
  } catch (error) {
    toast({ text: problemText(error) });
  }
}

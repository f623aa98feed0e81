// One's own open sessions, and ending those one does not know.
import { each, h } from '../../kernel/dom.js';
import { del, get } from '../../api/client.js';
import { area, fmt } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { liveList } from './section.js';

const t = await area('settings');

/** @typedef {{ id: number, created_at: string, last_seen_at: string, origin: string, user_agent: string, current: boolean }} Session */

/** Newer names hide older ones: Edge says Chrome, Chrome says Safari. */
const BROWSERS = /** @type {[RegExp, string][]} */ ([[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/SamsungBrowser/, 'Samsung Internet'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']]);
const SYSTEMS = /** @type {[RegExp, string][]} */ ([[/Windows/, 'Windows'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Mac OS X/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']]);

/** @param {string} agent */
function nameOf(agent) {
  const browser = BROWSERS.find(([pattern]) => pattern.test(agent))?.[1];
  const system = SYSTEMS.find(([pattern]) => pattern.test(agent))?.[1];
  if (browser && system) return t('session_on', { browser, system });
  return browser ?? system ?? t('session_unknown');
}

export function section() {
  const { items, load, waiting } = liveList(() => get('/api/auth/sessions'), 'session');
  return [
    h('p', { class: 'muted' }, () => t('sessions_sub')), waiting,
    h('div', { hidden: () => !items.value }, each(h('ul', { class: 'rows', 'aria-label': () => t('sessions') }),
      () => [...(items.value ?? [])].sort((a, b) => Number(b.current) - Number(a.current) || b.last_seen_at.localeCompare(a.last_seen_at)), (one) => one.id, (one) => row(one, load))),
  ];
}

/** @param {import('../../kernel/signal.js').Signal<Session>} one @param {() => void} load */
function row(one, load) {
  const origin = () => (/^(127\.|::1|localhost)/.test(one.value.origin) ? t('this_computer') : one.value.origin);
  return h('li', null, icon(() => (/Android|iPhone|Mobile/.test(one.value.user_agent) ? 'phone' : 'device')),
    h('span', { class: 'grow' }, h('strong', null, () => nameOf(one.value.user_agent)), ' ', () => one.value.current && h('span', { class: 'badge accent' }, t('session_current')),
      h('span', { class: 'row-line' }, () => [t('session_seen', { ago: fmt.ago(one.value.last_seen_at) }), t('session_since', { ago: fmt.ago(one.value.created_at) }), origin()].join(' · '))),
    () => !one.value.current && button({
      label: () => t('session_end'), small: true, onClick: () => void end(one.peek(), load), props: { 'aria-label': () => t('session_end_of', { name: nameOf(one.value.user_agent) }) },
    }));
}

/** @param {Session} one @param {() => void} load */
async function end(one, load) {
  try {
    await del(`/api/auth/sessions/${one.id}`);
    toast({ text: t('session_ended') });
  } catch (error) {
    toast({ text: problemText(error) });
  }
  load();
}

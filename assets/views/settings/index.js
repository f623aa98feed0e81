// The settings: a list of sections beside the open one; on phones the list is a page of its own.
import { h, loadStyle, replace } from '../../kernel/dom.js';
import { computed, effect, scope, signal, untrack } from '../../kernel/signal.js';
import { can } from '../../api/session.js';
import { area } from '../../i18n/index.js';
import { icon } from '../../ui/icon.js';
import { skeleton } from '../../ui/skeleton.js';
import { message } from '../../shell/message.js';

const t = await area('settings');
await loadStyle('settings');

/** One instance for all sections: the list stays while the section changes. */
export const keep = true;

/** @typedef {'clinic' | 'hours' | 'recovery' | 'backups' | 'rooms' | 'tags' | 'blocks' | 'account' | 'sessions' | 'calendars'} SectionName */
/** @typedef {{ name: SectionName, group: 'group_clinic' | 'group_agenda' | 'group_me', permission: string, icon: string, load: () => Promise<{ section: () => import('../../kernel/dom.js').Child }> }} Section */

/** @type {Section[]} */
const SECTIONS = [
  { name: 'clinic', group: 'group_clinic', permission: 'edit_clinic', icon: 'building', load: () => import('./clinic.js') },
  { name: 'hours', group: 'group_clinic', permission: 'edit_clinic', icon: 'clock', load: () => import('./hours.js') },
  { name: 'recovery', group: 'group_clinic', permission: 'edit_clinic', icon: 'key', load: () => import('./recovery.js') },
  { name: 'backups', group: 'group_clinic', permission: 'manage_backups', icon: 'disk', load: () => import('./backups.js') },
  { name: 'rooms', group: 'group_agenda', permission: 'edit_schedule_setup', icon: 'door', load: () => import('./rooms.js') },
  { name: 'tags', group: 'group_agenda', permission: 'edit_schedule_setup', icon: 'tag', load: () => import('./tags.js') },
  { name: 'blocks', group: 'group_agenda', permission: 'edit_schedule_setup', icon: 'ban', load: () => import('./blocks.js') },
  { name: 'account', group: 'group_me', permission: 'own_session', icon: 'person', load: () => import('./account.js') },
  { name: 'sessions', group: 'group_me', permission: 'own_session', icon: 'device', load: () => import('./sessions.js') },
  { name: 'calendars', group: 'group_me', permission: 'own_calendar', icon: 'calendar', load: () => import('./calendars.js') },
];

/** @param {import('../../router.js').Context} ctx @returns {import('../../router.js').View} */
export function view(ctx) {
  const allowed = SECTIONS.filter((one) => can(one.permission));
  const wanted = computed(() => (ctx.route.value.view === 'settings' ? ctx.route.value.params.section ?? '' : null));
  const current = computed(() => allowed.find((one) => one.name === wanted.value) ?? (wanted.value ? null : allowed[0]));
  const host = h('div', { class: 'settings-section' });
  const ending = signal(() => {});
  let first = true;
  effect(() => {
    if (wanted.value === null) return;
    const next = current.value;
    const focus = !first;
    first = false;
    untrack(() => void show(host, next, ending, focus));
  });
  const node = h('div', { class: () => `settings page ${wanted.value ? 'in-section' : ''}` }, list(allowed, () => current.value?.name), host);
  return { node, title: () => t('settings'), dispose: () => ending.peek()() };
}

/** @param {Section[]} allowed @param {() => string | undefined} current */
function list(allowed, current) {
  const groups = [...new Set(allowed.map((one) => one.group))];
  const item = (/** @type {Section} */ one) => h('li', null, h('a', { href: `/settings/${one.name}`, 'aria-current': () => (current() === one.name ? 'page' : null) },
    icon(one.icon), h('span', null, () => t(one.name)), icon('right', { size: 'small', class: 'go' })));
  return h('nav', { class: 'settings-list', 'aria-label': () => t('sections') }, groups.map((group) => h('section', null, h('h2', null, () => t(group)), h('ul', null, allowed.filter((one) => one.group === group).map(item)))),
    h('section', null, h('h2', null, () => t('group_programs')), h('ul', null, h('li', null, h('a', { href: '/docs', target: '_blank' }, icon('link'), h('span', null, () => t('api_docs')))))));
}

/** @param {HTMLElement} host @param {Section | null | undefined} next @param {import('../../kernel/signal.js').Signal<() => void>} ending @param {boolean} focus */
async function show(host, next, ending, focus) {
  ending.peek()();
  let stopped = false;
  ending.value = () => void (stopped = true);
  replace(host, skeleton());
  const back = () => h('a', { class: 'settings-back button link', href: '/settings' }, icon('left', { size: 'small' }), () => t('all_settings'));
  if (!next) return replace(host, back(), message('forbidden'));
  const module = await next.load().catch(() => null);
  if (stopped) return undefined;
  if (!module) return replace(host, back(), message('view_failed', () => void show(host, next, ending, focus)));
  const title = h('h2', { tabindex: '-1' }, () => t(next.name));
  const made = scope(() => module.section(), { detached: true });
  ending.value = made.dispose;
  replace(host, back(), title, made.value);
  if (focus) title.focus({ preventScroll: true });
  host.closest('main')?.scrollTo(0, 0);
  return undefined;
}

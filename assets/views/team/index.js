// The team: who works here, what each may do, inviting, deactivating and taking back.
import { h, loadStyle } from '../../kernel/dom.js';
import { computed, onDispose, signal } from '../../kernel/signal.js';
import { clinicPath, get } from '../../api/client.js';
import { onAct, onResync } from '../../api/events.js';
import { can, user } from '../../api/session.js';
import { area, byName, fmt, now } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { empty } from '../../ui/empty.js';
import { checkbox } from '../../ui/field.js';
import { avatar, icon } from '../../ui/icon.js';
import { skeleton } from '../../ui/skeleton.js';
import { table } from '../../ui/table.js';
import { message } from '../../shell/message.js';
import { registerActions, registerKeys } from '../../shell/keys.js';
import { openPerson } from './person.js';

const t = await area('team');
await loadStyle('team');

/**
 * @typedef {object} Member
 * @property {number} id @property {string} name @property {string | null} email @property {string[]} roles @property {boolean} is_professional
 * @property {import('../../api/session.js').Council | null} council @property {string | null} specialty @property {number | null} color @property {number | null} room_id
 * @property {boolean} active @property {'active' | 'invited' | 'inactive'} status @property {string | null} last_login_at @property {string | null} invite_expires_at @property {number} version
 */

/** @returns {import('../../router.js').View} */
export function view() {
  const members = signal(/** @type {Member[] | null} */ (null));
  const failed = signal(false);
  const showInactive = signal(false);
  const load = () => get(clinicPath('/users/management')).then((answer) => {
    members.value = answer.items;
    failed.value = false;
  }, () => (failed.value = true));
  void load();
  onDispose(onAct((act) => act.entity === 'user' && void load()));
  onDispose(onResync(() => void load()));
  const shown = computed(() => sorted((members.value ?? []).filter((one) => one.active || showInactive.value)));
  const open = (/** @type {Member | null} */ member) => void openPerson(member, { reload: load, members: () => members.peek() ?? [] });
  if (can('manage_team')) {
    registerKeys([{ key: 'n', label: () => t('invite'), run: () => open(null) }]);
    registerActions([{ label: () => t('invite'), icon: 'person-plus', run: () => open(null) }]);
  }
  const node = h('div', { class: 'page team' }, head(members, showInactive, open),
    () => (failed.value && !members.value ? message('view_failed', () => void load()) : !members.value ? skeleton({ lines: 6 }) : null),
    h('div', { hidden: () => !members.value }, list(shown, open)),
    () => members.value?.length === 1 && can('manage_team') && empty({ icon: 'team', title: () => t('empty_title'), text: () => t('empty_text') }));
  return { node, title: () => t('team') };
}

/** Active people first. @param {Member[]} list */
const sorted = (list) => [...list].sort((a, b) => Number(b.active) - Number(a.active) || byName(a.name, b.name));

/** @param {import('../../kernel/signal.js').Signal<Member[] | null>} members @param {import('../../kernel/signal.js').Signal<boolean>} showInactive @param {(member: Member | null) => void} open */
function head(members, showInactive, open) {
  const hasInactive = computed(() => (members.value ?? []).some((one) => !one.active));
  return h('div', { class: 'page-head' }, h('p', null, () => t('team_sub')),
    () => hasInactive.value && checkbox({ name: 'inactive', label: () => t('show_inactive'), value: showInactive.peek(), onInput: (on) => (showInactive.value = on) }),
    can('manage_team') && button({ label: () => t('invite'), icon: 'person-plus', kind: 'primary', key: 'N', onClick: () => open(null) }));
}

/** @param {import('../../kernel/signal.js').ReadSignal<Member[]>} shown @param {(member: Member) => void} open */
function list(shown, open) {
  return table({
    caption: () => t('team'), items: () => shown.value, key: (one) => one.id, onOpen: can('manage_team') ? open : undefined,
    columns: [
      { label: () => t('person'), cell: personCell },
      { label: () => t('roles'), cell: (one) => roleNames(one), hide: 'narrow' },
      { label: () => t('situation'), cell: statusCell, hide: 'narrow' },
      { label: () => t('last_login'), cell: (one) => (one.last_login_at ? fmt.ago(one.last_login_at) : h('span', { class: 'muted' }, t(one.email ? 'never' : 'no_login'))), hide: 'medium' },
    ],
  });
}

/** @param {Member} one */
const roleNames = (one) => one.roles.map((role) => t(/** @type {'role_owner'} */ (`role_${role}`))).join(', ');

/** @param {Member} one */
function personCell(one) {
  const council = one.council ? `${one.council.kind === 'other' ? '' : one.council.kind} ${one.council.number}/${one.council.state}`.trim() : null;
  const line = [one.specialty, council].filter(Boolean).join(' · ') || one.email;
  return h('span', { class: ['team-person', !one.active && 'off'] }, avatar({ name: one.name, color: one.is_professional ? one.color ?? 0 : null }),
    h('span', null, h('span', { class: 'team-name' }, one.name, one.id === user.value?.id && h('span', { class: 'badge' }, t('you'))),
      h('span', { class: 'team-line' }, line), h('span', { class: 'team-line only-narrow' }, roleNames(one)), one.status !== 'active' && h('span', { class: 'only-narrow' }, statusCell(one))));
}

/** @param {Member} one */
function statusCell(one) {
  if (one.status === 'inactive') return h('span', { class: 'badge' }, icon('ban'), t('status_inactive'));
  if (one.status === 'active') return h('span', { class: 'muted' }, t('status_active'));
  const expired = one.invite_expires_at !== null && Date.parse(one.invite_expires_at) < now();
  return [h('span', { class: ['badge', expired ? 'bad' : 'info'] }, icon(expired ? 'warning' : 'key'), t(expired ? 'invited_expired' : 'status_invited')),
    !expired && one.invite_expires_at && h('span', { class: 'team-line' }, t('invited_until', { date: fmt.date(one.invite_expires_at) }))];
}

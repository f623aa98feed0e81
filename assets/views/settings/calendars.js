// Calendar feeds: a secret address a phone or computer subscribes to, shown once, revocable.
import { each, h } from '../../kernel/dom.js';
import { clinicPath, del, get, patch, post } from '../../api/client.js';
import { can, user } from '../../api/session.js';
import { area, fmt } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button, iconButton } from '../../ui/button.js';
import { confirm, dialog } from '../../ui/dialog.js';
import { empty } from '../../ui/empty.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { editDialog } from './edit-dialog.js';
import { showAddress } from './calendar-address.js';
import { liveList } from './section.js';

const t = await area('settings');
const URL_ = '/api/calendar/integrations';

/** @typedef {{ id: number, name: string, professional_id: number | null, professional_name: string | null, created_at: string, last_used_at: string | null, state: string, version: number }} Feed */

export function section() {
  const { items, load, waiting } = liveList(() => get(URL_), 'calendar');
  const active = () => (items.value ?? []).filter((one) => one.state === 'active');
  return [
    h('div', { class: 'settings-intro' }, h('p', { class: 'muted' }, () => t('calendars_sub')), button({ label: () => t('calendar_add'), icon: 'plus', kind: 'primary', onClick: () => void create(load) })),
    waiting,
    () => items.value && active().length === 0 && empty({ icon: 'calendar', title: () => t('calendars_empty'), text: () => t('calendars_empty_text'), level: 3 }),
    h('div', { hidden: () => !active().length }, each(h('ul', { class: 'rows', 'aria-label': () => t('calendars') }), active, (one) => one.id, (one) => row(one, load))),
  ];
}

/** @param {import('../../kernel/signal.js').Signal<Feed>} feed @param {() => void} load */
function row(feed, load) {
  const line = () => [feed.value.professional_name, feed.value.last_used_at ? t('calendar_used', { ago: fmt.ago(feed.value.last_used_at) }) : t('calendar_unused'), t('calendar_created', { date: fmt.date(feed.value.created_at) })].filter(Boolean).join(' · ');
  return h('li', null, icon('link'), h('span', { class: 'grow' }, h('strong', null, () => feed.value.name), h('span', { class: 'row-line' }, line)),
    iconButton({ icon: 'edit', label: () => t('calendar_rename_of', { name: feed.value.name }), onClick: () => rename(feed.peek(), load) }),
    button({ label: () => t('calendar_revoke'), kind: 'danger', small: true, onClick: () => void revoke(feed.peek(), load), props: { 'aria-label': () => t('calendar_revoke_of', { name: feed.value.name }) } }));
}

/** @param {() => void} load */
async function create(load) {
  const everyone = can('view_team') ? await get(clinicPath('/users/management')).then((answer) => answer.items, () => []) : [];
  const professionals = everyone.filter((/** @type {any} */ one) => one.is_professional && one.active);
  const me = user.peek();
  const mine = me?.is_professional ? me.id : professionals[0]?.id;
  const opened = dialog({
    title: t('calendar_add'), size: 'narrow',
    body: (close) => form({
      label: () => t('calendar_add'), submit: () => t('calendar_create'), onCancel: () => close(),
      body: [
        field({ name: 'name', label: () => t('calendar_name'), hint: () => t('calendar_name_hint'), props: { maxlength: 80, autocomplete: 'off' } }),
        professionals.length > 1 && field({ name: 'professional_id', label: () => t('calendar_whose'), type: 'select', value: mine, options: professionals.map((/** @type {any} */ one) => ({ value: one.id, label: one.name })) }),
      ],
      onSubmit: async (values, { key }) => close(await post(URL_, { ...(mine ? { professional_id: mine } : {}), ...values }, { idempotencyKey: key })),
    }).node,
  });
  const made = await opened.closed;
  if (!made) return;
  load();
  showAddress(made);
}

/** @param {Feed} feed @param {() => void} load */
function rename(feed, load) {
  editDialog({
    title: t('calendar_rename_of', { name: feed.name }), version: feed.version, saved: t('calendar_renamed'),
    body: [field({ name: 'name', label: () => t('calendar_name'), value: feed.name, props: { maxlength: 80, autocomplete: 'off' } })],
    read: () => get(URL_).then(({ items }) => items.find((/** @type {Feed} */ one) => one.id === feed.id)),
    save: (values, version) => patch(`${URL_}/${feed.id}`, values, version),
    done: load, again: (fresh) => rename(fresh, load),
  });
}

/** @param {Feed} feed @param {() => void} load */
async function revoke(feed, load) {
  if (!(await confirm({ title: t('calendar_revoke_title', { name: feed.name }), text: t('calendar_revoke_text'), action: t('calendar_revoke'), danger: true }))) return;
  try {
    await del(`${URL_}/${feed.id}`, feed.version);
    toast({ text: t('calendar_revoked', { name: feed.name }) });
  } catch (error) {
    toast({ text: problemText(error) });
  }
  load();
}

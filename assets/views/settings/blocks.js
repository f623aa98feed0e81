// Time off and blocks: whole days or hours in which a professional, a room or the clinic takes no appointments.
import { each, h } from '../../kernel/dom.js';
import { computed, signal } from '../../kernel/signal.js';
import { clinicPath, del, get, patch, post } from '../../api/client.js';
import { addDays, area, byName, dayOf, fmt, instantOf, minuteOf, now } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button, iconButton } from '../../ui/button.js';
import { dateField } from '../../ui/date-field.js';
import { empty } from '../../ui/empty.js';
import { checkbox, field } from '../../ui/field.js';
import { icon } from '../../ui/icon.js';
import { timeField } from '../../ui/time-field.js';
import { toast } from '../../ui/toast.js';
import { editDialog } from './edit-dialog.js';
import { liveList } from './section.js';

const t = await area('settings');

/** @typedef {{ id: number, professional_id: number | null, room_id: number | null, starts_at: string, ends_at: string, reason: string | null, version: number }} Block */
/** Appointments that a block was laid over, and the day of the first. @typedef {{ count: number, day: string }} Hit */
/** @typedef {{ professionals: { id: number, name: string, color: number | null }[], rooms: { id: number, name: string }[] }} Who */

const range = () => ({ date_from: dayOf(), date_to: addDays(dayOf(), 730) });

export function section() {
  const { items, load, waiting } = liveList(() => get(clinicPath('/blocks'), range()), 'block');
  const who = signal(/** @type {Who} */ ({ professionals: [], rooms: [] }));
  void Promise.all([get(clinicPath('/users/management')), get(clinicPath('/rooms'))]).then(([users, rooms]) => {
    who.value = { professionals: users.items.filter((/** @type {any} */ one) => one.is_professional && one.active).sort((/** @type {any} */ x, /** @type {any} */ y) => byName(x.name, y.name)), rooms: rooms.items };
  }, () => {});
  const hit = signal(/** @type {Hit | null} */ (null));
  const change = (/** @type {Block | null} */ block) => edit(block, who.peek(), load, hit);
  const from = new Date(now()).toISOString();
  const shown = computed(() => (items.value ?? []).filter((one) => one.ends_at > from).sort((a, b) => a.starts_at.localeCompare(b.starts_at)));
  return [
    h('div', { class: 'settings-intro' }, h('p', { class: 'muted' }, () => t('blocks_sub')), button({ label: () => t('block_add'), icon: 'plus', kind: 'primary', onClick: () => change(null) })),
    h('div', { role: 'status' }, () => hit.value && hitNote(hit.value)),
    waiting,
    () => items.value && shown.value.length === 0 && empty({ icon: 'ban', title: () => t('blocks_empty'), text: () => t('blocks_empty_text'), level: 3 }),
    h('div', { hidden: () => !shown.value.length }, each(h('ul', { class: 'rows', 'aria-label': () => t('blocks') }), () => shown.value, (one) => one.id, (one) => row(one, who, load, change))),
  ];
}

/** They stay in the agenda, and somebody must call these patients. @param {Hit} hit */
const hitNote = ({ count, day }) => h('div', { class: 'note warn' }, icon('warning'),
  h('div', null, h('p', null, t('block_conflicts', { count })), h('a', { href: `/agenda?date=${day}` }, t('block_see_day', { day: fmt.shortDate(day) }))));

/** @param {number[]} affected by start @param {string} first the first day of the block @returns {Promise<Hit | null>} */
async function hitOf(affected, first) {
  if (!affected.length) return null;
  const one = await get(`/api/appointments/${affected[0]}`).catch(() => null);
  return { count: affected.length, day: one ? dayOf(one.starts_at) : first };
}

/** @param {Block} block @param {Who} who */
function nameOf(block, who) {
  if (block.professional_id !== null) return who.professionals.find((one) => one.id === block.professional_id)?.name ?? '…';
  return block.room_id === null ? t('block_everyone') : who.rooms.find((one) => one.id === block.room_id)?.name ?? '…';
}

/** @param {Block} block */
const isAllDay = (block) => minuteOf(block.starts_at) === 0 && minuteOf(block.ends_at) === 0;

/** The last day that is blocked: an all-day block ends at the next midnight. @param {Block} block */
const lastDay = (block) => dayOf(Date.parse(block.ends_at) - (isAllDay(block) ? 1000 : 0));

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** @param {Block} block */
function when(block) {
  const first = dayOf(block.starts_at);
  const last = lastDay(block);
  if (isAllDay(block)) return capital(first === last ? `${fmt.shortDate(first)}, ${t('block_all_day').toLocaleLowerCase()}` : `${fmt.shortDate(first)} – ${fmt.shortDate(last)}`);
  return capital(first === last ? `${fmt.shortDate(first)}, ${fmt.time(block.starts_at)}–${fmt.time(block.ends_at)}` : `${fmt.shortDate(first)} ${fmt.time(block.starts_at)} – ${fmt.shortDate(last)} ${fmt.time(block.ends_at)}`);
}

/** @param {import('../../kernel/signal.js').Signal<Block>} block @param {import('../../kernel/signal.js').Signal<Who>} who @param {() => void} load @param {(block: Block) => void} change */
function row(block, who, load, change) {
  const name = () => nameOf(block.value, who.value);
  const color = () => who.value.professionals.find((one) => one.id === block.value.professional_id)?.color ?? null;
  return h('li', null, h('span', { class: 'block-bar', 'data-pro': color }), icon(() => (block.value.professional_id !== null ? 'person' : block.value.room_id !== null ? 'door' : 'building')),
    h('span', { class: 'grow' }, h('strong', null, () => when(block.value)), h('span', { class: 'row-line' }, () => [name(), block.value.reason || t('block_reason_none')].join(' · '))),
    iconButton({ icon: 'edit', label: () => t('block_edit_of', { name: name() }), onClick: () => change(block.peek()) }),
    iconButton({ icon: 'trash', label: () => t('block_remove', { name: name() }), onClick: () => void remove(block.peek(), load) }));
}

/** @param {Block} block @param {() => void} load */
async function remove(block, load) {
  const { professional_id, room_id, starts_at, ends_at, reason } = block;
  try {
    await del(clinicPath(`/blocks/${block.id}`), block.version);
    load();
    toast({
      text: t('block_removed'),
      undo: async () => {
        await post(clinicPath('/blocks'), { professional_id, room_id, starts_at, ends_at, reason });
        load();
      },
    });
  } catch (error) {
    toast({ text: problemText(error) });
    load();
  }
}

/** @param {Block | null} block @param {Who} who */
function blockFields(block, who) {
  const allDay = signal(block ? isAllDay(block) : true);
  const target = block?.professional_id != null ? `p${block.professional_id}` : block?.room_id != null ? `r${block.room_id}` : 'all';
  const time = (/** @type {string} */ name, /** @type {'block_from_time' | 'block_to_time'} */ label, /** @type {number} */ value) => timeField({ name, label: () => t(label), value, step: 30, class: 'w4' });
  return h('div', { class: 'cols' },
    field({
      name: 'target', label: () => t('block_who'), type: 'select', value: target, pointer: '/professional_id',
      options: [{ value: 'all', label: () => t('block_everyone') }, ...who.professionals.map((one) => ({ value: `p${one.id}`, label: one.name })), ...who.rooms.map((one) => ({ value: `r${one.id}`, label: one.name }))],
    }),
    checkbox({ name: 'all_day', label: () => t('block_all_day'), value: allDay.peek(), onInput: (on) => (allDay.value = on) }),
    dateField({ name: 'from', label: () => t('block_from'), value: block ? dayOf(block.starts_at) : dayOf(), pointer: '/starts_at', class: 'w8' }),
    () => !allDay.value && time('from_time', 'block_from_time', block && !isAllDay(block) ? minuteOf(block.starts_at) : 480),
    h('div', { class: 'w-break' }),
    dateField({ name: 'to', label: () => t('block_to'), value: block ? lastDay(block) : dayOf(), pointer: '/ends_at', class: 'w8' }),
    () => !allDay.value && time('to_time', 'block_to_time', block && !isAllDay(block) ? minuteOf(block.ends_at) : 1080),
    field({ name: 'reason', label: () => t('block_reason'), hint: () => t('block_reason_hint'), optional: true, value: block?.reason, props: { maxlength: 120, autocomplete: 'off' } }));
}

/** @param {Record<string, any>} values */
function toBlock({ target, all_day, from, to, from_time, to_time, reason }) {
  const id = Number(String(target).slice(1));
  return {
    professional_id: String(target).startsWith('p') ? id : null, room_id: String(target).startsWith('r') ? id : null, reason,
    starts_at: instantOf(from, all_day ? 0 : from_time), ends_at: all_day ? instantOf(addDays(to, 1), 0) : instantOf(to, to_time),
  };
}

/** @param {Block | null} block @param {Who} who @param {() => void} load @param {import('../../kernel/signal.js').Signal<Hit | null>} hit */
function edit(block, who, load, hit) {
  editDialog({
    title: t(block ? 'block_edit' : 'block_add'), body: [blockFields(block, who)], version: block?.version, saved: t('block_saved'),
    check: (values) => (values.from && values.to && toBlock(values).ends_at <= toBlock(values).starts_at ? [{ pointer: values.all_day ? '/ends_at' : '/to_time', code: 'before_start' }] : []),
    read: block ? () => get(clinicPath('/blocks'), range()).then(({ items }) => items.find((/** @type {Block} */ one) => one.id === block.id)) : null,
    save: async (values, version, key) => {
      const saved = await (block ? patch(clinicPath(`/blocks/${block.id}`), toBlock(values), version) : post(clinicPath('/blocks'), toBlock(values), { idempotencyKey: key }));
      void hitOf(saved.affected ?? [], values.from).then((found) => (hit.value = found));
    },
    done: load,
    again: (fresh) => edit(fresh, who, load, hit),
  });
}

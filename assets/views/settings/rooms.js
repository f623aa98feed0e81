// The rooms: add, rename, take out of use. A room that was used is never removed.
import { each, h } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { clinicPath, get, patch, post } from '../../api/client.js';
import { area, byName } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button, iconButton } from '../../ui/button.js';
import { empty } from '../../ui/empty.js';
import { field } from '../../ui/field.js';
import { icon } from '../../ui/icon.js';
import { toast } from '../../ui/toast.js';
import { editDialog } from './edit-dialog.js';
import { liveList } from './section.js';

const t = await area('settings');

/** @typedef {{ id: number, name: string, active: boolean, version: number }} Room */

export function section() {
  const { items, load, waiting } = liveList(() => get(clinicPath('/rooms')), 'room');
  const shown = computed(() => [...(items.value ?? [])].sort((a, b) => Number(b.active) - Number(a.active) || byName(a.name, b.name)));
  const add = () => edit(null, load);
  return [
    h('div', { class: 'settings-intro' }, h('p', { class: 'muted' }, () => t('rooms_sub')), button({ label: () => t('room_add'), icon: 'plus', kind: 'primary', onClick: add })),
    waiting,
    () => items.value?.length === 0 && empty({ icon: 'door', title: () => t('rooms_empty'), text: () => t('rooms_empty_text'), level: 3 }),
    h('div', { hidden: () => !items.value?.length }, each(h('ul', { class: 'rows', 'aria-label': () => t('rooms') }), () => shown.value, (room) => room.id, (room) => row(room, load))),
  ];
}

/** @param {import('../../kernel/signal.js').Signal<Room>} room @param {() => void} load */
function row(room, load) {
  const active = () => room.value.active;
  return h('li', { class: () => (active() ? '' : 'off') }, icon('door'), h('span', { class: 'grow' }, () => room.value.name, ' ', () => !active() && h('span', { class: 'badge' }, t('room_off'))),
    iconButton({ icon: 'edit', label: () => t('room_edit', { name: room.value.name }), onClick: () => edit(room.peek(), load) }),
    button({ label: () => t(active() ? 'room_stop' : 'room_restart'), kind: 'ghost', small: true, onClick: () => void setActive(room.peek(), load),
      props: { 'aria-label': () => `${t(active() ? 'room_stop' : 'room_restart')}: ${room.value.name}` } }));
}

/** @param {Room} room @param {() => void} load */
async function setActive(room, load) {
  try {
    const saved = await patch(clinicPath(`/rooms/${room.id}`), { active: !room.active }, room.version);
    load();
    toast({
      text: t(saved.active ? 'room_restarted' : 'room_stopped', { name: room.name }),
      undo: async () => {
        await patch(clinicPath(`/rooms/${room.id}`), { active: room.active }, saved.version);
        load();
      },
    });
  } catch (error) {
    toast({ text: problemText(error) });
  }
}

/** @param {Room | null} room @param {() => void} load */
function edit(room, load) {
  editDialog({
    title: room ? t('room_edit', { name: room.name }) : t('room_add'),
    body: [field({ name: 'name', label: () => t('room_name'), value: room?.name, props: { maxlength: 80, autocomplete: 'off' } })],
    read: room ? () => get(clinicPath('/rooms')).then(({ items }) => items.find((/** @type {Room} */ one) => one.id === room.id)) : null,
    version: room?.version,
    save: (values, version, key) => (room ? patch(clinicPath(`/rooms/${room.id}`), values, version) : post(clinicPath('/rooms'), { ...values, active: true }, { idempotencyKey: key })),
    done: load,
    again: (fresh) => edit(fresh, load),
  });
}

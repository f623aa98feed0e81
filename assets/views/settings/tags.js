// The coloured tags of appointments: add, rename, recolour, remove with undo.
import { each, h } from '../../kernel/dom.js';
import { computed } from '../../kernel/signal.js';
import { clinicPath, del, get, patch, post } from '../../api/client.js';
import { area, byName } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button, iconButton } from '../../ui/button.js';
import { colorField } from '../../ui/color-field.js';
import { empty } from '../../ui/empty.js';
import { field } from '../../ui/field.js';
import { toast } from '../../ui/toast.js';
import { editDialog } from './edit-dialog.js';
import { liveList } from './section.js';

const t = await area('settings');

/** @typedef {{ id: number, name: string, color: number, version: number }} Tag */

export function section() {
  const { items, load, waiting } = liveList(() => get(clinicPath('/appointment-tags')), 'tag');
  const shown = computed(() => [...(items.value ?? [])].sort((a, b) => byName(a.name, b.name)));
  return [
    h('div', { class: 'settings-intro' }, h('p', { class: 'muted' }, () => t('tags_sub')), button({ label: () => t('tag_add'), icon: 'plus', kind: 'primary', onClick: () => edit(null, load, items.peek()?.length ?? 0) })),
    waiting,
    () => items.value?.length === 0 && empty({ icon: 'tag', title: () => t('tags_empty'), text: () => t('tags_empty_text'), level: 3 }),
    h('div', { hidden: () => !items.value?.length }, each(h('ul', { class: 'rows', 'aria-label': () => t('tags') }), () => shown.value, (tag) => tag.id, (tag) => row(tag, load))),
  ];
}

/** @param {import('../../kernel/signal.js').Signal<Tag>} tag @param {() => void} load */
function row(tag, load) {
  return h('li', null, h('span', { class: 'tag-dot', 'data-pro': () => tag.value.color, 'aria-hidden': 'true' }), h('span', { class: 'grow' }, () => tag.value.name),
    iconButton({ icon: 'edit', label: () => t('tag_edit', { name: tag.value.name }), onClick: () => edit(tag.peek(), load, 0) }),
    iconButton({ icon: 'trash', label: () => t('tag_remove', { name: tag.value.name }), onClick: () => void remove(tag.peek(), load) }));
}

/** @param {Tag} tag @param {() => void} load */
async function remove(tag, load) {
  try {
    await del(clinicPath(`/appointment-tags/${tag.id}`), tag.version);
    load();
    toast({
      text: t('tag_removed', { name: tag.name }),
      undo: async () => {
        await post(clinicPath('/appointment-tags'), { name: tag.name, color: tag.color });
        load();
      },
    });
  } catch (error) {
    toast({ text: problemText(error) });
    load();
  }
}

/** @param {Tag | null} tag @param {() => void} load @param {number} nextColor */
function edit(tag, load, nextColor) {
  editDialog({
    title: tag ? t('tag_edit', { name: tag.name }) : t('tag_add'),
    body: [field({ name: 'name', label: () => t('tag_name'), value: tag?.name, props: { maxlength: 40, autocomplete: 'off' } }), colorField({ name: 'color', label: () => t('tag_color'), value: tag?.color ?? nextColor % 12 })],
    read: tag ? () => get(clinicPath('/appointment-tags')).then(({ items }) => items.find((/** @type {Tag} */ one) => one.id === tag.id)) : null,
    version: tag?.version,
    save: (values, version, key) => (tag ? patch(clinicPath(`/appointment-tags/${tag.id}`), values, version) : post(clinicPath('/appointment-tags'), values, { idempotencyKey: key })),
    done: load,
    again: (fresh) => edit(fresh, load, 0),
  });
}

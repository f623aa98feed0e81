// The imports of before, newest first; each opens its result.
import { h } from '../../../kernel/dom.js';
import { onDispose, signal } from '../../../kernel/signal.js';
import { get } from '../../../api/client.js';
import { onAct } from '../../../api/events.js';
import { fmt } from '../../../i18n/index.js';
import { table } from '../../../ui/table.js';
import { t, word } from '../person-words.js';

/** @typedef {import('./flow.js').Import} Import */

const TONES = /** @type {Record<string, string>} */ ({ running: 'info', done: 'ok', failed: 'bad', undone: '' });

/** @param {Import} item */
const byWhom = ({ created_by: by }) => (typeof by === 'object' ? by?.name : by) ?? '';

/** @param {Import} item */
const summary = (item) => t('import_summary', { created: item.created, duplicates: item.duplicates, invalid: item.invalid });

export function pastImports() {
  const items = signal(/** @type {Import[] | null} */ (null));
  async function load() {
    try {
      items.value = (await get('/api/contacts/imports')).items;
    } catch {
      // A list of what was: the page works without it and asks again at the next change.
    }
  }
  void load();
  onDispose(onAct((act) => act.entity === 'import' && void load()));
  const list = table({
    caption: () => t('import_past'), items: () => items.value ?? [], key: (item) => item.id, href: (item) => `/contacts/import?id=${item.id}`,
    columns: [
      { label: () => t('import_past_file'), cell: (item) => item.file_name },
      { label: () => t('import_past_when'), cell: (item) => fmt.dateTime(item.created_at) },
      { label: () => t('import_past_who'), cell: byWhom, hide: 'narrow' },
      { label: () => t('import_past_result'), cell: (item) => [h('span', { class: ['badge', TONES[item.status]] }, word('import_status', item.status)), ' ', h('span', { class: 'muted past-summary' }, summary(item))] },
    ],
  });
  const node = h('section', { class: 'import-part', hidden: () => !items.value?.length }, h('h2', null, () => t('import_past')), list);
  return { node, load };
}

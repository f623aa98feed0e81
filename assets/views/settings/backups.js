// The clinic's backups: how safe all is now, one more, where they lie, how to bring one back, and which there are.
import { each, h } from '../../kernel/dom.js';
import { signal } from '../../kernel/signal.js';
import { get, post } from '../../api/client.js';
import { area, fmt } from '../../i18n/index.js';
import { problemText } from '../../i18n/problems.js';
import { button } from '../../ui/button.js';
import { empty } from '../../ui/empty.js';
import { icon } from '../../ui/icon.js';
import { announce, toast } from '../../ui/toast.js';
import { loaded } from './section.js';

const t = await area('settings');
const refusal = await area('errors');

/** @typedef {import('../../types/api.js').Backups} Backups */
/** @typedef {import('../../types/api.js').BackupCopy} Copy */

export const section = () => [h('p', { class: 'muted' }, () => t('backups_sub')), loaded(() => get('/api/backups'), content)];

/** @param {Backups} first */
function content(first) {
  const state = signal(first);
  const copying = signal(false);
  const copy = async () => {
    if (copying.peek()) return;
    copying.value = true;
    announce(t('backup_making'));
    try {
      state.value = await post('/api/backups');
      toast({ text: t('backup_made') });
    } catch (error) {
      toast({ text: problemText(error) });
      state.value = await get('/api/backups').catch(() => state.peek());
    }
    copying.value = false;
  };
  return [
    standing(state),
    h('div', { class: 'button-row' }, button({ label: () => t(copying.value ? 'backup_making' : 'backup_now'), icon: 'disk', kind: 'primary', onClick: () => void copy(), props: { 'aria-disabled': () => (copying.value ? 'true' : null) } })),
    list(state),
    where(state),
  ];
}

/** How safe all is now, in a sentence or two. @param {import('../../kernel/signal.js').Signal<Backups>} state */
function standing(state) {
  const newest = () => state.value.items[0];
  const bad = () => Boolean(state.value.failed || state.value.unreadable || state.value.drill?.passed === false);
  const since = () => (state.value.entries_since ? t('backup_since', { count: state.value.entries_since }) : t('backup_all'));
  return h('div', { class: () => `note ${bad() || !newest() ? 'warn' : ''}`, role: 'status' }, icon(() => (bad() || !newest() ? 'warning' : 'ok')),
    h('div', null,
      h('p', null, () => h('strong', null, newest() ? t('backup_last', { ago: fmt.ago(newest().made_at) }) : t('backup_none')), ' ', () => newest() && since()),
      () => state.value.failed && h('p', null, t('backup_last_failed'), ' ', refusal(/** @type {'problem_storage_full'} */ (`problem_${state.value.failed}`))),
      () => state.value.unreadable > 0 && h('p', null, t('backup_unreadable', { count: state.value.unreadable })),
      h('p', null, () => drillText(state.value.drill))));
}

/** @param {Backups['drill']} drill */
function drillText(drill) {
  if (!drill) return t('drill_none');
  return t(drill.passed ? 'drill_passed' : 'drill_failed', { ago: fmt.ago(drill.at), made: fmt.dateTime(drill.copy_made_at) });
}

/** @param {import('../../kernel/signal.js').Signal<Backups>} state */
function list(state) {
  return [
    () => !state.value.items.length && empty({ icon: 'disk', title: () => t('backups_empty'), text: () => t('backups_empty_text'), level: 3 }),
    h('div', { hidden: () => !state.value.items.length }, each(h('ul', { class: 'rows', 'aria-label': () => t('backups') }), () => state.value.items, (one) => one.name, (one) => row(one))),
  ];
}

/** @param {import('../../kernel/signal.js').Signal<Copy>} one */
const row = (one) => h('li', null, icon('disk'), h('span', { class: 'grow' }, h('strong', null, () => fmt.dateTime(one.value.made_at)),
  h('span', { class: 'row-line' }, () => [fmt.ago(one.value.made_at), t(/** @type {'backup_by_hand'} */ (`backup_${one.value.reason}`)), size(one.value.size_bytes)].join(' · '))));

/** @param {number} bytes */
const size = (bytes) => fmt.number(bytes / 1e6, { style: 'unit', unit: 'megabyte', unitDisplay: 'short', maximumFractionDigits: bytes < 1e7 ? 1 : 0 });

/** Where they lie, and how one comes back. @param {import('../../kernel/signal.js').Signal<Backups>} state */
function where(state) {
  return h('div', { class: 'settings-card' },
    h('h3', null, () => t('backup_where')), h('p', { class: 'secret' }, () => state.value.folder),
    () => state.value.beside_the_data && h('div', { class: 'note warn' }, icon('warning'), h('p', null, t('backup_same_disk'))),
    h('h3', null, () => t('backup_restore')),
    h('ol', { class: 'settings-steps' }, h('li', null, () => t('backup_restore_1')), h('li', null, () => t('backup_restore_2')), h('li', null, () => t('backup_restore_3'))));
}

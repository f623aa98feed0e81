// What a record was before, in the side panel: who changed what from what to what, and the way back for one field.
import { each, h, loadStyle } from '../kernel/dom.js';
import { onDispose, signal } from '../kernel/signal.js';
import { ApiError, get, patch } from '../api/client.js';
import { onAct } from '../api/events.js';
import { area, fmt } from '../i18n/index.js';
import { problemText } from '../i18n/problems.js';
import { button } from '../ui/button.js';
import { openPanel } from '../ui/panel.js';
import { skeleton } from '../ui/skeleton.js';
import { toast } from '../ui/toast.js';

export const t = await area('history');
await loadStyle('history');

/** @typedef {{ field: string, from: any, to: any, from_name: string | null, to_name: string | null }} Change */
/** @typedef {{ version: number, at: string, user_id: number | null, user_name: string | null, verb: string, erased: boolean, changes: Change[] }} Revision */
/** @typedef {{ field: string, body: Record<string, any> }} Undo a field, and what to send to set it back */
/**
 * A record and how to speak of it.
 * @typedef {object} Subject
 * @property {string} title @property {'contact' | 'appointment'} entity @property {number} id @property {string} path
 * @property {(field: string) => string} label
 * @property {(field: string, value: any, name: string | null) => string} text never of an empty value
 * @property {(revision: Revision, record: Record<string, any>) => Undo[]} undos
 * @property {boolean} mayEdit
 */

/** @param {Subject} subject */
function createHistory(subject) {
  const items = signal(/** @type {Revision[] | null} */ (null));
  const next = signal(/** @type {string | null} */ (null));
  const record = signal(/** @type {Record<string, any> | null} */ (null));
  const failed = signal(false);
  /** @param {boolean} [older] */
  async function load(older = false) {
    try {
      const [page, now] = await Promise.all([get(`${subject.path}/history`, { cursor: older ? next.peek() : null }), subject.mayEdit && !older ? get(subject.path) : record.peek()]);
      items.value = older ? [...(items.peek() ?? []), ...page.items] : page.items;
      next.value = page.next;
      record.value = now;
      failed.value = false;
    } catch {
      failed.value = !items.peek();
    }
  }
  void load();
  return { items, next, record, failed, load };
}

/** @param {Subject} subject */
export async function openHistory(subject) {
  await openPanel({
    title: () => t('history'), subtitle: subject.title,
    body: () => {
      const past = createHistory(subject);
      onDispose(onAct((act) => act.entity === subject.entity && act.id === subject.id && void past.load()));
      const steps = h('ol', { class: 'history', 'aria-label': () => t('history') });
      each(steps, () => past.items.value ?? [], (one) => one.version, (one) => step(subject, past, one));
      return [() => waiting(past), steps,
        () => past.next.value && h('div', { class: 'button-row' }, button({ label: () => t('load_older'), onClick: () => void past.load(true) }))];
    },
  });
}

/** @typedef {ReturnType<typeof createHistory>} Past */

/** @param {Past} past */
function waiting(past) {
  if (past.failed.value) return h('div', { class: 'note warn' }, h('div', null, h('p', null, t('failed')), button({ label: () => t('retry'), small: true, onClick: () => void past.load() })));
  return past.items.value ? null : skeleton({ lines: 5 });
}

/** @param {Subject} subject @param {Past} past @param {import('../kernel/signal.js').Signal<Revision>} one */
function step(subject, past, one) {
  return h('li', null,
    h('h3', null, () => verbWord(subject, one.value.verb)),
    h('p', { class: 'history-by' }, () => `${one.value.user_name ?? t('by_program')} · ${fmt.dateTime(one.value.at)}`),
    () => (one.value.erased ? h('p', { class: 'muted' }, t('erased')) : one.value.changes.length > 0 && h('dl', null, one.value.changes.map((change) => [
      h('dt', null, subject.label(change.field)), h('dd', null, side(subject, change, 'from'), h('span', { class: 'history-arrow', 'aria-hidden': 'true' }, '→'), side(subject, change, 'to'))]))),
    () => undoRow(subject, past, one.value));
}

/** @param {Subject} subject @param {string} verb */
function verbWord({ entity }, verb) {
  if (verb === 'created') return t(entity === 'appointment' ? 'booked' : 'created');
  const text = t(/** @type {'updated'} */ (verb));
  return text === verb ? t('other_act') : text;
}

/** @param {Subject} subject @param {Change} change @param {'from' | 'to'} which */
function side(subject, change, which) {
  const value = change[which];
  const is = value === null || value === '' || (Array.isArray(value) && !value.length) ? null : subject.text(change.field, value, change[`${which}_name`]);
  return h(which === 'from' ? 'del' : 'ins', { class: is === null ? 'muted' : undefined }, is ?? t('empty_value'));
}

/** @param {Subject} subject @param {Past} past @param {Revision} revision */
function undoRow(subject, past, revision) {
  const record = past.record.value;
  const undos = record && !revision.erased ? subject.undos(revision, record) : [];
  return undos.length > 0 && h('div', { class: 'button-row' }, undos.map((undo) => {
    const field = subject.label(undo.field);
    return button({ label: revision.changes.length > 1 ? t('revert', { field }) : t('revert_short'), icon: 'undo', small: true, props: { 'aria-label': t('revert', { field }) }, onClick: () => void revert(subject, past, undo) });
  }));
}

/** @param {Subject} subject @param {Past} past @param {Undo} undo */
async function revert(subject, past, undo) {
  const version = past.record.peek()?.version;
  try {
    await patch(subject.path, undo.body, version);
    toast({ text: t('reverted', { field: subject.label(undo.field) }) });
  } catch (error) {
    const stale = error instanceof ApiError && error.status === 412;
    toast({ text: stale ? t('revert_stale') : problemText(error) });
  }
  await past.load();
}

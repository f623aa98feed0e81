// What a person does to an appointment: shown at once, told in words, undone for eight seconds or by Ctrl+Z, explained when refused.
import { fmt } from '../../i18n/index.js';
import { announce, hideToast, toast } from '../../ui/toast.js';
import { spanWord, statusWord, t } from './words.js';

/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./status.js').Status} Status */
/** @typedef {{professional_id?: number, starts_at?: string, duration_min?: number, room_id?: number | null, fit_in?: boolean}} Target */

const CONFLICTS = new Set(['slot_taken', 'outside_hours', 'lunch', 'blocked', 'holiday']);

/** @param {any} error */
export const isConflict = (error) => error?.status === 409 && CONFLICTS.has(error.code);

/** @param {string} startsAt */
export const whenWord = (startsAt) => `${fmt.time(startsAt)}, ${fmt.shortDate(startsAt)}`;

/** @param {import('./store.js').Store} store */
export function createActs(store) {
  /** @param {Appointment} a */
  const latest = (a) => store.find(a.id) ?? a;

  /** @param {string} text @param {() => Promise<unknown>} run */
  function offerUndo(text, run) {
    const entry = { label: () => text, run };
    store.remember(entry);
    toast({ text, undo: () => takeBack(entry) });
    return entry;
  }

  /** @param {import('./store.js').Undo} [entry] */
  async function takeBack(entry) {
    const act = store.takeBack(entry);
    if (!act) return;
    try {
      await act.run();
    } catch {
      toast({ text: t('undo_failed') });
      store.refreshSoon();
      throw new Error('undo refused');
    }
  }

  /** Says in words why the server refused; the agenda is already back as it was. @param {any} error @param {Appointment} a @param {Status} [to] */
  function explain(error, a, to) {
    hideToast();
    const name = a.contact.display_name;
    if (error.code === 'offline') toast({ text: t('act_offline') });
    else if (error.status === 412) toast({ text: t('act_stale', { name }) });
    else if (error.status === 403) toast({ text: t('act_forbidden') });
    else if (error.code === 'illegal_status' && to) toast({ text: t('act_illegal', { from: statusWord(error.problem.from ?? a.status), to: statusWord(to) }) });
    else toast({ text: t('act_failed') });
    store.refreshSoon();
  }

  /**
   * @param {Appointment} given @param {Target} target
   * @param {{early?: boolean, text?: string}} [options] `early` false waits for the server, for what looks refused already
   */
  async function move(given, target, { early = true, text } = {}) {
    const a = latest(given);
    const before = { professional_id: a.professional_id, starts_at: a.starts_at, duration_min: a.duration_min, room_id: a.room_id, fit_in: a.fit_in };
    const changed = Object.fromEntries(Object.entries(target).filter(([key, value]) => value !== undefined && value !== /** @type {any} */ (before)[key]));
    if (!Object.keys(changed).length) return true;
    const undo = Object.fromEntries(Object.keys(changed).map((key) => [key, /** @type {any} */ (before)[key]]));
    const words = text ?? sentence(a, changed);
    const offer = () => offerUndo(words, () => store.change(latest(a), undo));
    const job = store.change(a, changed, early);
    const entry = early ? offer() : null;
    try {
      await job;
      if (!entry) offer();
      return true;
    } catch (error) {
      if (entry) store.takeBack(entry);
      hideToast();
      if (isConflict(error)) await askElsewhere(a, changed, error);
      else explain(error, a);
      return false;
    }
  }

  /** @param {Appointment} a @param {Record<string, any>} changed */
  function sentence(a, changed) {
    const name = a.contact.display_name;
    const onlyLength = changed.duration_min !== undefined && changed.starts_at === undefined && changed.professional_id === undefined;
    return onlyLength ? t('resized_toast', { name, span: spanWord(changed.duration_min) }) : t('moved_toast', { name, when: whenWord(changed.starts_at ?? a.starts_at) });
  }

  /** @param {Appointment} a @param {Record<string, any>} changed @param {any} error */
  async function askElsewhere(a, changed, error) {
    const { conflictDialog } = await import('./conflict.js');
    const choice = await conflictDialog(error, store);
    if (!choice) return;
    await move(a, { ...changed, starts_at: choice.starts_at ?? changed.starts_at, fit_in: choice.force ? true : undefined }, { early: false });
  }

  /** @param {Appointment} given @param {Status} to @param {string} [reason] */
  async function step(given, to, reason) {
    const a = latest(given);
    if (a.status === to) return true;
    const before = a.status;
    const job = store.step(a, to, reason);
    const text = t('status_toast', { name: a.contact.display_name, status: statusWord(to).toLocaleLowerCase() });
    const entry = offerUndo(text, () => store.stepBack(latest(a), before));
    try {
      await job;
      return true;
    } catch (error) {
      store.takeBack(entry);
      if (isConflict(error)) {
        hideToast();
        const { conflictDialog } = await import('./conflict.js');
        await conflictDialog(error, store, { only: true });
      } else explain(error, a, to);
      return false;
    }
  }

  /** Ctrl+Z without a message on screen. */
  async function undo() {
    const entry = store.takeBack();
    if (!entry) return announce(t('nothing_to_undo'));
    store.remember(entry);
    hideToast();
    await takeBack(entry).then(() => toast({ text: t('undone_toast') }), () => {});
  }

  return { move, step, undo, explain, offerUndo };
}

/** @typedef {ReturnType<typeof createActs>} Acts */

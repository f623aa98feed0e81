// What a person does to an appointment: shown at once, sent in order, told in words, undone for eight seconds or by Ctrl+Z, explained when refused.
import { newKey, patch, post } from '../../api/client.js';
import { dayOf, fmt, now } from '../../i18n/index.js';
import { announce, hideToast, toast, undoLast } from '../../ui/toast.js';
import { spanWord, statusWord, t } from './card.js';
import { mayStep, pathBetween } from './status.js';

/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./status.js').Status} Status */
/** @typedef {{professional_id?: number, starts_at?: string, duration_min?: number, room_id?: number | null, fit_in?: boolean}} Target */

const CONFLICTS = new Set(['slot_taken', 'outside_hours', 'lunch', 'blocked', 'holiday']);

/** @param {any} error */
export const isConflict = (error) => error?.status === 409 && CONFLICTS.has(error.code);

/** @param {string} startsAt */
export const whenWord = (startsAt) => `${fmt.time(startsAt)}, ${fmt.shortDate(startsAt).replaceAll('.', '').replaceAll(' de ', ' ')}`;

/** @typedef {{run: () => Promise<unknown>}} Undo */

/** @param {number} [ms] */
const utc = (ms = now()) => new Date(ms).toISOString().slice(0, 19) + 'Z';

/** The writes of one store: shown at once, one queue an appointment, rolled back when refused. @param {import('./state.js').Store} store */
function createWrites(store) {
  /** So that two quick acts carry the right version. @type {Map<number, Promise<unknown>>} */
  const queues = new Map();

  /**
   * Shows the change at once, sends it after earlier writes to the same appointment, and takes it back when refused.
   * @param {Appointment} a @param {Partial<Appointment>} shown @param {(version: number) => Promise<Appointment>} send @param {boolean} [early]
   */
  function write(a, shown, send, early = true) {
    const base = store.find(a.id) ?? a;
    const wait = store.pending.get(a.id) ?? { count: 0, shown: {}, base };
    store.pending.set(a.id, wait);
    wait.count += 1;
    if (early) {
      wait.shown = { ...wait.shown, ...shown };
      store.put({ ...base, ...shown });
    }
    const job = (queues.get(a.id) ?? Promise.resolve()).catch(() => {})
      .then(() => send(Math.max(a.version, wait.base.version)))
      .then((fresh) => settle(wait, fresh), (error) => {
        settle(wait, null);
        throw error;
      });
    queues.set(a.id, job);
    return job;
  }

  /** @param {import('./state.js').Wait} wait @param {Appointment | null} fresh */
  function settle(wait, fresh) {
    store.wrote();
    wait.count -= 1;
    if (fresh) wait.base = fresh;
    const { id } = wait.base;
    if (!fresh || !wait.count) wait.shown = {};
    if (!wait.count) {
      store.pending.delete(id);
      queues.delete(id);
    }
    store.put({ ...wait.base, ...wait.shown });
    if (!fresh) store.refreshSoon();
    return wait.base;
  }

  /** @param {Appointment} a @param {Partial<Appointment> & Record<string, any>} fields @param {boolean} [early] */
  function change(a, fields, early = true) {
    const shown = { ...fields };
    const start = Date.parse(fields.starts_at ?? a.starts_at);
    shown.ends_at = utc(start + (fields.duration_min ?? a.duration_min) * 60_000);
    return write(a, shown, (version) => patch(`/api/appointments/${a.id}`, fields, version), early);
  }

  /** @param {Appointment} a @param {import('./status.js').Status} status @param {string} [reason] */
  function step(a, status, reason) {
    const stamp = status === 'arrived' ? { arrived_at: a.arrived_at ?? utc() } : status === 'in_care' ? { in_care_at: utc() } : {};
    return write(a, { status, ...stamp }, (version) => post(`/api/appointments/${a.id}/status`, { status, reason }, { version }));
  }

  /** Walks back to an earlier status by legal steps. @param {Appointment} a @param {import('./status.js').Status} to */
  async function stepBack(a, to) {
    const current = store.find(a.id) ?? a;
    for (const status of pathBetween(current.status, to) ?? []) await step(store.find(a.id) ?? current, status);
  }

  /** @param {Record<string, any>} body @param {string} [key] @returns {Promise<Appointment>} */
  async function create(body, key = newKey()) {
    const made = await post('/api/appointments', body, { idempotencyKey: key });
    store.wrote();
    store.put(made);
    return made;
  }

  return { change, step, stepBack, create };
}

/** @param {import('./state.js').Store} store */
export function createActs(store) {
  const writes = createWrites(store);
  /** @type {Undo[]} */
  const undone = [];

  /** @param {Appointment} a */
  const latest = (a) => store.find(a.id) ?? a;

  /** @param {string} text @param {() => Promise<unknown>} run */
  function offerUndo(text, run) {
    const entry = { run };
    undone.push(entry);
    if (undone.length > 30) undone.shift();
    toast({ text, undo: () => takeBack(entry) });
    return entry;
  }

  /** Each act only once. @param {Undo} entry */
  function forgetUndo(entry) {
    const index = undone.indexOf(entry);
    if (index >= 0) undone.splice(index, 1);
    return index >= 0;
  }

  /** @param {Undo} entry */
  async function takeBack(entry) {
    if (!forgetUndo(entry)) return;
    try {
      await entry.run();
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
    const offer = () => offerUndo(words, () => writes.change(latest(a), undo));
    const job = writes.change(a, changed, early);
    const entry = early ? offer() : null;
    try {
      await job;
      if (!entry) offer();
      return true;
    } catch (error) {
      if (entry) forgetUndo(entry);
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
    const choice = await conflictDialog(error, store, { near: dayOf(changed.starts_at ?? a.starts_at) });
    if (!choice) return;
    await move(a, { ...changed, starts_at: choice.starts_at ?? changed.starts_at, fit_in: choice.force ? true : undefined }, { early: false });
  }

  /** @param {Appointment} given @param {Status} to @param {{reason?: string, via?: Status, text?: string}} [options] `via` is a step taken on the way, undone together */
  async function step(given, to, { reason, via, text } = {}) {
    const a = latest(given);
    const before = a.status;
    const name = a.contact.display_name;
    if (before === to) return true;
    if (!mayStep(before, via ?? to)) {
      toast({ text: t('act_illegal', { from: statusWord(before).toLocaleLowerCase(), to: statusWord(to).toLocaleLowerCase() }) });
      return false;
    }
    const jobs = (via ? [via, to] : [to]).map((status) => writes.step(latest(a), status, reason));
    const entry = offerUndo(text ?? t('status_toast', { name, status: statusWord(to).toLocaleLowerCase() }), () => writes.stepBack(latest(a), before));
    try {
      await Promise.all(jobs);
      return true;
    } catch (error) {
      forgetUndo(entry);
      hideToast();
      if (isConflict(error)) await (await import('./conflict.js')).conflictDialog(error, store, { only: true });
      else explain(error, a, to);
      return false;
    }
  }

  /** Ctrl+Z, also after the message is gone. */
  function undo() {
    if (undoLast()) return;
    const entry = undone[undone.length - 1];
    if (!entry) return announce(t('nothing_to_undo'));
    void takeBack(entry).then(() => toast({ text: t('undone_toast') }), () => {});
  }

  return { ...writes, move, setStatus: step, undo, explain, offerUndo };
}

/** @typedef {ReturnType<typeof createActs>} Acts */

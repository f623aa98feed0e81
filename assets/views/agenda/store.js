// The agenda's data: reads the visible range, applies acts at once, rolls back what the server refuses, follows other desks.
import { batch, signal } from '../../kernel/signal.js';
import { ApiError, get, newKey, patch, post } from '../../api/client.js';
import { rangeOf } from './model.js';
import { pathBetween } from './status.js';

/** @typedef {import('./model.js').Agenda} Agenda */
/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./model.js').Place} Place */
/** @typedef {{label: () => string, run: () => Promise<unknown>}} Undo */

const KEEP = 12;

/** @param {Place} place */
export function createStore(place) {
  const at = signal(place);
  const data = signal(/** @type {Agenda | null} */ (null));
  /** Every professional of the clinic, also while the week of one is shown. */
  const people = signal(/** @type {import('./model.js').Professional[]} */ ([]));
  const failure = signal(/** @type {ApiError | null} */ (null));
  /** @type {Map<string, Agenda>} */
  const seen = new Map();
  /** Writes under way, one queue an appointment, so that two quick acts carry the right version. @type {Map<number, Promise<unknown>>} */
  const queues = new Map();
  /** What is shown but not yet confirmed, over what the server last said. @type {Map<number, {count: number, shown: Partial<Appointment>, base: Appointment}>} */
  const pending = new Map();
  /** @type {Undo[]} */
  const undone = [];
  let writes = 0;
  let reading = 0;
  let timer = 0;

  const keyOf = (/** @type {Place} */ where) => JSON.stringify(rangeOf(where));

  /** @param {Agenda} fresh */
  function overlay(fresh) {
    if (!pending.size) return fresh;
    return { ...fresh, appointments: fresh.appointments.map((a) => (pending.has(a.id) ? { ...a, ...pending.get(a.id)?.shown } : a)) };
  }

  async function refresh() {
    const mine = ++reading;
    const wrote = writes;
    const where = at.peek();
    try {
      if (where.view === 'week' && !people.peek().length) await readPeople(where.date);
      const fresh = await get('/api/agenda', rangeOf(at.peek()));
      if (mine !== reading) return;
      // A write that ended meanwhile may be missing from this answer.
      if (wrote !== writes) return void refresh();
      seen.delete(keyOf(where));
      seen.set(keyOf(where), fresh);
      if (seen.size > KEEP) seen.delete(/** @type {string} */ (seen.keys().next().value));
      batch(() => {
        data.value = overlay(fresh);
        if (where.view !== 'week') people.value = fresh.professionals;
        failure.value = null;
      });
    } catch (error) {
      if (mine === reading && error instanceof ApiError) failure.value = error;
      else if (!(error instanceof ApiError)) throw error;
    }
  }

  /** A week opened by its address needs to know whose it is. @param {string} date */
  async function readPeople(date) {
    const { professionals } = await get('/api/agenda', { date, days: 1 });
    batch(() => {
      people.value = professionals;
      if (!at.peek().professional) at.value = { ...at.peek(), professional: professionals[0]?.id ?? null };
    });
  }

  /** Several acts in a burst are read once. */
  function refreshSoon() {
    if (timer) return;
    timer = window.setTimeout(() => {
      timer = 0;
      void refresh();
    }, 120);
  }

  /** @param {Partial<Place>} change */
  function go(change) {
    const next = { ...at.peek(), ...change };
    const known = seen.get(keyOf(next));
    batch(() => {
      const same = keyOf(at.peek()) === keyOf(next);
      at.value = next;
      failure.value = null;
      if (!same) data.value = known ? overlay(known) : null;
    });
    return refresh();
  }

  /** @param {number} id */
  const find = (id) => data.peek()?.appointments.find((a) => a.id === id);

  /** @param {Appointment} a */
  function put(a) {
    const now = data.peek();
    if (!now) return;
    const without = now.appointments.filter((old) => old.id !== a.id);
    data.value = { ...now, appointments: [...without, a] };
    // Every kept day, so that neither the old nor the new day of a moved one shows it wrongly on the way back.
    for (const [key, kept] of seen) seen.set(key, { ...kept, appointments: [...kept.appointments.filter((old) => old.id !== a.id), a] });
  }

  /**
   * Shows the change at once, sends it after earlier writes to the same appointment, and takes it back when refused.
   * @param {Appointment} a @param {Partial<Appointment>} shown @param {(version: number) => Promise<Appointment>} send @param {boolean} [early]
   */
  function write(a, shown, send, early = true) {
    const base = find(a.id) ?? a;
    const wait = pending.get(a.id) ?? { count: 0, shown: {}, base };
    pending.set(a.id, wait);
    wait.count += 1;
    if (early) {
      wait.shown = { ...wait.shown, ...shown };
      put({ ...base, ...shown });
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

  /** @param {{count: number, shown: Partial<Appointment>, base: Appointment}} wait @param {Appointment | null} fresh */
  function settle(wait, fresh) {
    writes += 1;
    wait.count -= 1;
    if (fresh) wait.base = fresh;
    const { id } = wait.base;
    if (!fresh || !wait.count) wait.shown = {};
    if (!wait.count) {
      pending.delete(id);
      queues.delete(id);
    }
    put({ ...wait.base, ...wait.shown });
    if (!fresh) refreshSoon();
    return wait.base;
  }

  /** @param {Appointment} a @param {Partial<Appointment> & Record<string, any>} fields @param {boolean} [early] */
  function change(a, fields, early = true) {
    const shown = { ...fields };
    const start = Date.parse(fields.starts_at ?? a.starts_at);
    shown.ends_at = new Date(start + (fields.duration_min ?? a.duration_min) * 60_000).toISOString().replace(/\.\d+Z$/, 'Z');
    return write(a, shown, (version) => patch(`/api/appointments/${a.id}`, fields, version), early);
  }

  /** @param {Appointment} a @param {import('./status.js').Status} status @param {string} [reason] */
  function step(a, status, reason) {
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const stamp = status === 'arrived' ? { arrived_at: a.arrived_at ?? now } : status === 'in_care' ? { in_care_at: now } : {};
    return write(a, { status, ...stamp }, (version) => post(`/api/appointments/${a.id}/status`, { status, reason }, { version }));
  }

  /** Walks back to an earlier status by legal steps. @param {Appointment} a @param {import('./status.js').Status} to */
  async function stepBack(a, to) {
    const current = find(a.id) ?? a;
    for (const status of pathBetween(current.status, to) ?? []) await step(find(a.id) ?? current, status);
  }

  /** @param {Record<string, any>} body @param {string} [key] */
  async function create(body, key = newKey()) {
    const made = await post('/api/appointments', body, { idempotencyKey: key });
    writes += 1;
    put(made);
    return made;
  }

  return {
    at, data, people, failure, refresh, refreshSoon, go, find, put, change, step, stepBack, create,
    /** @param {Undo} act */
    remember: (act) => {
      undone.push(act);
      if (undone.length > 30) undone.shift();
    },
    /** The latest act taken back; each only once. @param {Undo} [act] */
    takeBack: (act = undone[undone.length - 1]) => {
      const index = act ? undone.indexOf(act) : -1;
      return index < 0 ? null : undone.splice(index, 1)[0];
    },
    /** Forgets cached days, so that a later visit shows nothing stale. */
    forget: () => seen.clear(),
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */

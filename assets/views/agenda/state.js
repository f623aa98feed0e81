// The state of the screen: the range shown and its data, kept fresh by the live line, and everything derived from it.
import { batch, computed, effect, onDispose, signal } from '../../kernel/signal.js';
import { ApiError, get } from '../../api/client.js';
import { connection, onAct, onResync } from '../../api/events.js';
import { can, user } from '../../api/session.js';
import { byName, dayOf, now as time, timeZone } from '../../i18n/index.js';
import { boundsOf, columnsOf, datesOf, rangeOf, slotsAhead, wallOf } from './model.js';

/** @typedef {import('./model.js').Agenda} Agenda */
/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./model.js').Column} Column */
/** @typedef {import('./model.js').Place} Place */
/** What is shown but not yet confirmed, over what the server last said. @typedef {{count: number, shown: Partial<Appointment>, base: Appointment}} Wait */

const KEEP = 12;
const FOLLOWED = new Set(['appointment', 'block', 'clinic', 'user', 'room', 'tag', 'contact', 'import']);

/** The server sorts by letters; people are looked for as a Brazilian list has them. @param {Agenda} agenda @returns {Agenda} */
function inOrder(agenda) {
  for (const list of [agenda.professionals, agenda.rooms, agenda.tags]) list.sort((x, y) => byName(x.name, y.name));
  return agenda;
}

/** The same facts, down to the parts of a part? @param {any} x @param {any} y @returns {boolean} */
function alike(x, y) {
  if (x === y) return true;
  if (!x || !y || typeof x !== 'object' || typeof y !== 'object') return false;
  const names = Object.keys(x);
  return names.length === Object.keys(y).length && names.every((name) => alike(x[name], y[name]));
}

/** What has not changed stays the very object it was, so that only what has is drawn again. @param {Agenda} fresh @param {Agenda | null} before @returns {Agenda} */
function keepKnown(fresh, before) {
  if (!before) return fresh;
  const known = new Map(before.appointments.map((a) => [a.id, a]));
  return { ...fresh, appointments: fresh.appointments.map((a) => (alike(a, known.get(a.id)) ? /** @type {Appointment} */ (known.get(a.id)) : a)) };
}

/** @param {Place} place @param {() => number | null} pickWho whose week to show when the address does not say */
function createStore(place, pickWho) {
  const at = signal(place);
  const data = signal(/** @type {Agenda | null} */ (null));
  /** Every professional of the clinic, also while the week of one is shown. */
  const people = signal(/** @type {import('./model.js').Professional[]} */ ([]));
  /** How full each day of the week is; kept while the next day is read. */
  const load = signal(/** @type {Agenda['load']} */ ([]));
  const failure = signal(/** @type {ApiError | null} */ (null));
  /** @type {Map<string, Agenda>} */
  const seen = new Map();
  /** @type {Map<number, Wait>} */
  const pending = new Map();
  let writes = 0;
  let reading = 0;
  let timer = 0;
  let lastRead = 0;

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
      const fresh = keepKnown(inOrder(await get('/api/agenda', rangeOf(at.peek()))), data.peek());
      if (mine !== reading) return;
      // A write that ended meanwhile may be missing from this answer.
      if (wrote !== writes) return void refresh();
      seen.delete(keyOf(where));
      seen.set(keyOf(where), fresh);
      if (seen.size > KEEP) seen.delete(/** @type {string} */ (seen.keys().next().value));
      batch(() => {
        data.value = overlay(fresh);
        load.value = fresh.load;
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
    people.value = inOrder(await get('/api/agenda', { date, days: 1 })).professionals;
    if (!at.peek().professional) at.value = { ...at.peek(), professional: pickWho() };
  }

  /** Several acts in a burst are read once; a lone one at once. */
  function refreshSoon() {
    if (timer) return;
    timer = window.setTimeout(() => {
      timer = 0;
      lastRead = performance.now();
      void refresh();
    }, performance.now() - lastRead > 500 ? 20 : 150);
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

  return {
    at, data, people, load, failure, pending, refresh, refreshSoon, go, find, put,
    /** A write has ended: an answer asked for before it is out of date. */
    wrote: () => void (writes += 1),
    /** Forgets kept days, so that a later visit shows nothing stale. */
    forget: () => seen.clear(),
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */

/** @param {string} query @returns {import('../../kernel/signal.js').Signal<boolean>} */
function media(query) {
  const list = matchMedia(query);
  const match = signal(list.matches);
  const follow = () => void (match.value = list.matches);
  list.addEventListener('change', follow);
  onDispose(() => list.removeEventListener('change', follow));
  return match;
}

/** What this person chose to see, kept on this computer. */
function createChoice() {
  const key = `taskmed.agenda.${user.peek()?.id ?? 0}`;
  /** @type {{hidden?: number[], cancelled?: boolean, side?: boolean, who?: number}} */
  let saved = {};
  try {
    saved = JSON.parse(localStorage.getItem(key) ?? '{}');
  } catch {
    // A broken note is the same as none.
  }
  const hidden = signal(new Set(saved.hidden ?? []));
  const cancelled = signal(saved.cancelled ?? false);
  const side = signal(saved.side ?? true);
  const who = signal(/** @type {number | null} */ (saved.who ?? null));
  effect(() => {
    const note = { hidden: [...hidden.value], cancelled: cancelled.value, side: side.value, who: who.value };
    try {
      localStorage.setItem(key, JSON.stringify(note));
    } catch {
      // Storage may be off; the choice then lasts until the page is left.
    }
  });
  return { hidden, cancelled, side, who };
}

/** The clinic's clock, by the server's time, stepping with the minute. @param {Store} store */
function createClock(store) {
  const read = () => wallOf(timeZone.peek(), time());
  const now = signal(read());
  const tick = () => {
    const next = read();
    const last = now.peek();
    if (next.minute !== last.minute || next.date !== last.date) now.value = next;
  };
  const timer = window.setInterval(tick, 2000);
  onDispose(() => clearInterval(timer));
  effect(() => {
    if (store.data.value) tick();
  });
  return now;
}

/** Other desks' acts, a line that comes back, and midnight. @param {Store} store @param {import('../../kernel/signal.js').Signal<import('./model.js').Wall>} now */
function followLine(store, now) {
  onDispose(onAct((act) => {
    if (!FOLLOWED.has(act.entity)) return;
    store.forget();
    store.refreshSoon();
  }));
  onDispose(onResync(() => {
    store.forget();
    void store.refresh();
  }));
  let wasLost = false;
  effect(() => {
    if (connection.value === 'live' && (wasLost || store.failure.peek())) void store.refresh();
    wasLost = connection.value === 'lost';
  });
  // A desk left open overnight opens the new day, unless someone is elsewhere on purpose.
  let today = dayOf();
  effect(() => {
    const { date } = now.value;
    if (date !== today && store.at.peek().date === today) void store.go({ date });
    today = date;
  });
}

/** @param {Place} place */
export function createDesk(place) {
  const store = createStore(place, () => who.peek()?.id ?? null);
  const choice = createChoice();
  const now = createClock(store);
  const phone = media('(max-width: 767px)');
  const wide = media('(min-width: 1200px)');
  const coarse = media('(pointer: coarse)');
  const cut = signal(/** @type {Appointment | null} */ (null));
  const opened = signal(/** @type {number | null} */ (null));
  /** On narrow screens the side of the reception floats and starts closed. */
  const sideFloat = signal(false);

  const people = computed(() => store.people.value);
  /** Whose column a phone shows, and whose week. */
  const who = computed(() => {
    const asked = store.at.value.professional ?? choice.who.value;
    const list = people.value;
    return list.find((person) => person.id === asked) ?? list.find((person) => person.id === user.value?.id) ?? list[0] ?? null;
  });
  const shownPeople = computed(() => {
    const { view } = store.at.value;
    if (view === 'week' || (phone.value && view === 'day')) return who.value ? [who.value] : [];
    return people.value.filter((person) => !choice.hidden.value.has(person.id));
  });
  const columns = computed(() => {
    const data = store.data.value;
    if (!data) return null;
    return columnsOf(data, { dates: datesOf(store.at.value), professionals: shownPeople.value, cancelled: choice.cancelled.value });
  });
  const bounds = computed(() => boundsOf(columns.value ?? []));
  const tags = computed(() => new Map((store.data.value?.tags ?? []).map((tag) => [tag.id, tag])));
  const ppm = computed(() => {
    const slot = store.data.value?.slot_min ?? 30;
    if (user.value?.density === 'compact' && !coarse.value) return slot >= 30 ? 1.4 : 1.7;
    const comfortable = slot >= 30 ? 2 : slot >= 20 ? 2.2 : 2.6;
    // A finger needs 44 px for the shortest slot.
    return coarse.value ? Math.max(comfortable, 44 / slot) : comfortable;
  });

  followLine(store, now);

  /** @param {Column} column */
  const ahead = (column) => slotsAhead(column, now.value);
  /** @param {number} id */
  const person = (id) => people.value.find((one) => one.id === id) ?? store.data.value?.professionals.find((one) => one.id === id);

  return {
    store, now, time, phone, wide, coarse, cut, opened, people, who, shownPeople, columns, bounds, tags, ppm, ahead, person,
    hidden: choice.hidden, cancelled: choice.cancelled, side: choice.side, sideFloat, chosen: choice.who,
    mayEdit: computed(() => can('edit_appointments')), mayFitIn: computed(() => can('fit_in')),
  };
}

/** @typedef {ReturnType<typeof createDesk>} Desk */

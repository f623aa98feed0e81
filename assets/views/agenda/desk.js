// The state of the screen: place, clock, which columns are shown; everything derived from it in one spot.
import { computed, effect, onDispose, signal } from '../../kernel/signal.js';
import { can, user } from '../../api/session.js';
import { onAct, onResync, connection } from '../../api/events.js';
import { dayOf, timeZone } from '../../i18n/index.js';
import { createActs } from './acts.js';
import { boundsOf, columnsOf, datesOf, slotsAhead } from './model.js';
import { createStore } from './store.js';
import { wallOf } from './time.js';

/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./model.js').Column} Column */
/** @typedef {import('./model.js').Place} Place */

const FOLLOWED = new Set(['appointment', 'block', 'clinic', 'user', 'room', 'tag', 'contact', 'import']);

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

/** The clinic's clock, by the server's time, stepping with the minute. @param {import('./store.js').Store} store */
function createClock(store) {
  let ahead = 0;
  const read = () => wallOf(timeZone.peek(), Date.now() + ahead);
  const now = signal(read());
  const tick = () => {
    const next = read();
    const last = now.peek();
    if (next.minute !== last.minute || next.date !== last.date) now.value = next;
  };
  const timer = window.setInterval(tick, 2000);
  onDispose(() => clearInterval(timer));
  effect(() => {
    const said = store.data.value?.now;
    if (!said) return;
    const skew = Date.parse(said) - Date.now();
    // Small differences are the way through the network.
    if (Math.abs(skew - ahead) > 5000) ahead = skew;
    tick();
  });
  return now;
}

/** @param {Place} place */
export function createDesk(place) {
  const store = createStore(place);
  const acts = createActs(store);
  const choice = createChoice();
  const now = createClock(store);
  const phone = media('(max-width: 767px)');
  const wide = media('(min-width: 1200px)');
  const coarse = media('(pointer: coarse)');
  const cut = signal(/** @type {Appointment | null} */ (null));
  const opened = signal(/** @type {number | null} */ (null));

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

  /** @param {Column} column */
  const ahead = (column) => slotsAhead(column, now.value);
  /** @param {number} id */
  const person = (id) => people.value.find((one) => one.id === id) ?? store.data.value?.professionals.find((one) => one.id === id);

  return {
    store, acts, now, phone, wide, coarse, cut, opened, people, who, shownPeople, columns, bounds, tags, ppm, ahead, person,
    hidden: choice.hidden, cancelled: choice.cancelled, side: choice.side, chosen: choice.who,
    mayEdit: computed(() => can('edit_appointments')), mayFitIn: computed(() => can('fit_in')),
  };
}

/** @typedef {ReturnType<typeof createDesk>} Desk */

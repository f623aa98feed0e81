// The trail as it is shown: what is asked for, the pages read so far, and what became of reading them.
import { computed, signal } from '../../kernel/signal.js';
import { ApiError, get } from '../../api/client.js';

/** @typedef {import('./words.js').Entry} Entry */
/** @typedef {{ date_from: string, date_to: string, user_id: string, verb: string, entity: string, entity_id: string, outcome: string }} Wanted */

/** @type {(keyof Wanted)[]} */
export const NAMES = ['date_from', 'date_to', 'user_id', 'verb', 'entity', 'entity_id', 'outcome'];

/** @param {URLSearchParams} query @returns {Wanted} */
export const wantedIn = (query) => /** @type {Wanted} */ (Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])));

/** What is typed into a field is one question, not one a letter: each is an entry of the trail itself. */
const TYPING_MS = 300;

/** @param {URLSearchParams} query */
export function createTrail(query) {
  const wanted = signal(wantedIn(query));
  const items = signal(/** @type {Entry[]} */ ([]));
  const next = signal(/** @type {string | null} */ (null));
  const phase = signal(/** @type {'loading' | 'ready' | 'failed' | 'forbidden'} */ ('loading'));
  let turn = 0;
  let timer = 0;

  /** @param {boolean} [more] the page after those shown, instead of all anew */
  async function load(more = false) {
    const mine = ++turn;
    if (!more) phase.value = 'loading';
    try {
      const page = await get('/api/audit', { ...wanted.peek(), cursor: more ? next.peek() : null });
      if (mine !== turn) return;
      items.value = more ? [...items.peek(), ...page.items] : page.items;
      next.value = page.next;
      phase.value = 'ready';
    } catch (error) {
      if (mine === turn) phase.value = error instanceof ApiError && error.status === 403 ? 'forbidden' : 'failed';
    }
  }
  /** @param {Partial<Wanted>} change */
  function ask(change) {
    wanted.value = { ...wanted.peek(), ...change };
    const url = new URL(location.href);
    for (const name of NAMES) {
      if (wanted.peek()[name]) url.searchParams.set(name, wanted.peek()[name]);
      else url.searchParams.delete(name);
    }
    history.replaceState(history.state, '', url);
    clearTimeout(timer);
    timer = window.setTimeout(() => void load(), TYPING_MS);
  }
  const narrowed = computed(() => NAMES.some((name) => wanted.value[name]));
  return { wanted, items, next, phase, narrowed, load, ask, clear: () => ask(/** @type {Wanted} */ (Object.fromEntries(NAMES.map((name) => [name, ''])))) };
}
/** @typedef {ReturnType<typeof createTrail>} Trail */

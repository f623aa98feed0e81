// The list of patients behind the page: searches as the person types, drops older answers, reads page after page.
import { computed, signal } from '../../kernel/signal.js';
import { get } from '../../api/client.js';
import { mayMatch, tidy } from '../../base/search.js';

/**
 * @typedef {object} Row
 * @property {number} id @property {string} name @property {string | null} social_name @property {string} display_name
 * @property {string | null} birth_date @property {string | null} cpf @property {string | null} cns
 * @property {string | null} phone @property {boolean} whatsapp @property {string | null} email @property {string} status
 * @property {string} [priority] @property {string | null} record_number @property {number} version
 * @property {string | null} [last_appointment_at] @property {string | null} [next_appointment_at]
 */

const PAUSE_MS = 100;
const PAGE = 50;

/** @param {{search: string, status: string, rows?: number}} start `rows` is how far the list reached when it was left */
export function createListing(start) {
  const query = signal(start.search);
  const status = signal(start.status);
  const rows = signal(/** @type {Row[]} */ ([]));
  const next = signal(/** @type {string | null} */ (null));
  const phase = signal(/** @type {'loading' | 'ready' | 'failed'} */ ('loading'));
  const adding = signal(false);
  /** What the rows on screen answer. */
  const answered = signal(/** @type {{search: string, status: string} | null} */ (null));
  /** @type {AbortController | null} */
  let running = null;
  let timer = 0;

  /** @param {Record<string, any>} extra @param {AbortSignal} stop */
  const read = (extra, stop) =>
    get('/api/contacts', { search: tidy(query.peek()), status: status.peek(), limit: PAGE, ...extra }, { signal: stop });

  /** From the beginning, or as far as is already on screen. */
  async function load(keep = false) {
    running?.abort();
    const mine = (running = new AbortController());
    const asked = { search: tidy(query.peek()), status: status.peek() };
    phase.value = 'loading';
    try {
      const reach = Math.max(rows.peek().length, start.rows ?? 0);
      const page = await read(keep ? { limit: Math.min(200, Math.max(PAGE, reach)) } : {}, mine.signal);
      start.rows = 0;
      if (mine.signal.aborted) return;
      rows.value = page.items;
      next.value = page.next;
      answered.value = asked;
      phase.value = 'ready';
    } catch (error) {
      if (!mine.signal.aborted) phase.value = 'failed';
    }
  }

  async function more() {
    if (!next.peek() || adding.peek()) return;
    running?.abort();
    const mine = (running = new AbortController());
    adding.value = true;
    try {
      const page = await read({ cursor: next.peek() }, mine.signal);
      const known = new Set(rows.peek().map((row) => row.id));
      rows.value = [...rows.peek(), ...page.items.filter((/** @type {Row} */ row) => !known.has(row.id))];
      next.value = page.next;
    } catch (error) {
      if (!mine.signal.aborted) phase.value = 'failed';
    } finally {
      adding.value = false;
    }
  }

  /** Rows that surely no longer fit go at once; the server's answer follows. */
  const shown = computed(() => (phase.value === 'loading' && query.value ? rows.value.filter((row) => mayMatch(row, query.value)) : rows.value));

  return {
    query, status, shown, next, phase, adding, answered, load, more,
    /** @param {string} text */
    search(text) {
      if (tidy(text) === tidy(query.peek())) return;
      query.value = text;
      phase.value = 'loading';
      clearTimeout(timer);
      timer = window.setTimeout(() => void load(), PAUSE_MS);
    },
    /** @param {string} value */
    filter(value) {
      status.value = value;
      clearTimeout(timer);
      void load();
    },
    stop() {
      clearTimeout(timer);
      running?.abort();
    },
  };
}

/** @typedef {ReturnType<typeof createListing>} Listing */

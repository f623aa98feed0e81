// What happens to a chosen file: dry run, changes of mapping, the import itself, its progress and its undoing.
import { onDispose, signal } from '../../../kernel/signal.js';
import { ApiError, get, newKey, post } from '../../../api/client.js';

/** @typedef {{ line: number, column?: string | number | null, code: string, value?: string | null }} LineError */
/** @typedef {{ header: string, field: string | null, sample: string[] }} Column */
/**
 * @typedef {object} Check
 * @property {Column[]} columns @property {string[]} fields @property {string} delimiter @property {string} encoding
 * @property {number} rows @property {number} ready @property {number} duplicates @property {number} invalid
 * @property {LineError[]} errors
 */
/**
 * @typedef {object} Import
 * @property {number} id @property {string} file_name @property {'running' | 'done' | 'failed' | 'undone'} status
 * @property {number} rows @property {number} done @property {number} created @property {number} duplicates
 * @property {number} invalid @property {string} created_at @property {{ name: string } | string | null} [created_by] @property {number} version
 */
/** @typedef {{ code: string, errors?: LineError[] }} Failure */

const POLL_MS = 500;

/** A workbook, not a text: zip or the old binary. @param {File} file */
async function isWorkbook(file) {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return (a === 0x50 && b === 0x4b) || (a === 0xd0 && b === 0xcf);
}

/** @param {unknown} error @returns {Failure} */
function failureOf(error) {
  if (!(error instanceof ApiError)) throw error;
  const lines = /** @type {any[]} */ (error.problem.errors ?? []).filter((item) => item.line !== undefined);
  return { code: error.code, errors: lines };
}

/** @param {(id: number) => void} onStarted */
export function createFlow(onStarted) {
  const file = signal(/** @type {File | null} */ (null));
  const check = signal(/** @type {Check | null} */ (null));
  const phase = signal(/** @type {'choose' | 'reading' | 'check' | 'rechecking' | 'starting'} */ ('choose'));
  const failure = signal(/** @type {Failure | null} */ (null));
  /** @type {Record<string, string | null>} */
  let mapping = {};
  /** @type {AbortController | null} */
  let running = null;
  let key = newKey();

  /** @param {boolean} dry @param {AbortSignal} [stop] */
  function send(dry, stop) {
    const chosen = /** @type {File} */ (file.peek());
    const changed = Object.keys(mapping).length > 0;
    const query = { dry_run: dry ? 1 : 0, file_name: chosen.name, mapping: changed ? JSON.stringify(mapping) : undefined };
    return post('/api/contacts/import', chosen, { query, contentType: 'text/csv', signal: stop, idempotencyKey: dry ? undefined : key });
  }

  /** @param {'reading' | 'rechecking'} how */
  async function dryRun(how) {
    running?.abort();
    const mine = (running = new AbortController());
    phase.value = how;
    failure.value = null;
    try {
      const answer = await send(true, mine.signal);
      if (mine.signal.aborted) return;
      check.value = answer;
      phase.value = 'check';
    } catch (error) {
      if (mine.signal.aborted) return;
      failure.value = failureOf(error);
      phase.value = check.peek() ? 'check' : 'choose';
    }
  }

  /** @param {File} chosen */
  async function choose(chosen) {
    check.value = null;
    mapping = {};
    key = newKey();
    file.value = chosen;
    failure.value = null;
    if (!chosen.size) failure.value = { code: 'empty_file' };
    else if (await isWorkbook(chosen)) failure.value = { code: 'not_csv' };
    if (failure.peek()) phase.value = 'choose';
    else await dryRun('reading');
  }

  /** @param {string} header @param {string | null} field */
  function remap(header, field) {
    const columns = check.peek()?.columns ?? [];
    if (!Object.keys(mapping).length) mapping = Object.fromEntries(columns.map((column) => [column.header, column.field]));
    // A field comes from one column: the column that had it gives it up.
    for (const other of Object.keys(mapping)) if (field && mapping[other] === field) mapping[other] = null;
    mapping[header] = field;
    key = newKey();
    return dryRun('rechecking');
  }

  async function start() {
    phase.value = 'starting';
    failure.value = null;
    try {
      onStarted((await send(false)).import_id);
    } catch (error) {
      failure.value = failureOf(error);
      phase.value = 'check';
    }
  }

  function reset() {
    running?.abort();
    file.value = check.value = failure.value = null;
    phase.value = 'choose';
  }
  return { file, check, phase, failure, choose, remap, start, reset, retry: () => dryRun('reading') };
}

/** @typedef {ReturnType<typeof createFlow>} Flow */

/** Follows one import until it ends; a lost line is tried again. @param {number} id */
export function followImport(id) {
  const current = signal(/** @type {Import | null} */ (null));
  const missing = signal(false);
  let timer = 0;
  let alive = true;
  async function ask() {
    try {
      current.value = await get(`/api/contacts/imports/${id}`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) missing.value = true;
    }
    const ended = missing.peek() || (current.peek() && current.peek()?.status !== 'running');
    if (alive && !ended) timer = window.setTimeout(ask, POLL_MS);
  }
  onDispose(() => {
    alive = false;
    clearTimeout(timer);
  });
  void ask();
  return { current, missing };
}

/** @param {Import} item @returns {Promise<Import>} */
export const undoImport = (item) => post(`/api/contacts/imports/${item.id}/undo`, {}, { version: item.version });

// Live changes: one event stream per browser. The tab that holds the lock reads it and tells the others.
import { signal } from '../kernel/signal.js';
import { address, get } from './client.js';
import { cover } from './session.js';

/** @typedef {{ seq: number, verb: string, entity: string, id: number, user_id: number | null, user_name: string | null }} Act */

/** An alert began, ended, was acknowledged or silenced. @typedef {Pick<import('../types/api.js').AlertState, 'rule' | 'clinic_id' | 'state' | 'severity' | 'value'>} AlertTold */
/** @typedef {{ kind: 'beat' | 'act' | 'resync' | 'alert' | 'lost', id?: string, act?: Act, alert?: AlertTold }} Message */

/** `live` while the line beats (the server pings every 2 s), `lost` after 4 s of silence. */
export const connection = signal(/** @type {'connecting' | 'live' | 'lost'} */ ('connecting'));

const SILENCE_MS = 4000;
const RETRY_MS = 1000;

/** @type {Set<(act: Act) => void>} */
const actListeners = new Set();
/** @type {Set<() => void>} */
const resyncListeners = new Set();
/** @type {Set<(alert: AlertTold) => void>} */
const alertListeners = new Set();
/** @type {BroadcastChannel | null} */
let channel = null;
/** @type {AbortController | null} */
let running = null;
/** @type {AbortController | null} */
let line = null;
let lastId = '';
let lastBeat = 0;
let lineSince = 0;
let timer = 0;

/** @param {(act: Act) => void} fn @returns {() => void} */
export function onAct(fn) {
  actListeners.add(fn);
  return () => actListeners.delete(fn);
}

/** Told to those who may see the system's health. @param {(alert: AlertTold) => void} fn @returns {() => void} */
export function onAlert(fn) {
  alertListeners.add(fn);
  return () => alertListeners.delete(fn);
}

/** Called when changes may have been missed: read everything shown again. @param {() => void} fn @returns {() => void} */
export function onResync(fn) {
  resyncListeners.add(fn);
  return () => resyncListeners.delete(fn);
}

/** @param {Message} message */
function take(message) {
  if (message.kind === 'lost') {
    connection.value = 'lost';
    return;
  }
  lastBeat = performance.now();
  connection.value = 'live';
  if (message.id) lastId = message.id;
  if (message.kind === 'act' && message.act) for (const fn of [...actListeners]) fn(message.act);
  if (message.kind === 'alert' && message.alert) for (const fn of [...alertListeners]) fn(message.alert);
  if (message.kind === 'resync') for (const fn of [...resyncListeners]) fn();
}

/** @param {Message} message */
function tell(message) {
  take(message);
  channel?.postMessage(message);
}

/** @param {string} block */
function takeBlock(block) {
  let event = '';
  let id = '';
  let data = '';
  for (const row of block.split('\n')) {
    const at = row.indexOf(':');
    if (at <= 0) continue;
    const value = row.slice(at + 1).replace(/^ /, '');
    const name = row.slice(0, at);
    if (name === 'event') event = value;
    else if (name === 'id') id = value;
    else if (name === 'data') data += value;
  }
  if (event === 'act' && data) tell({ kind: 'act', id, act: JSON.parse(data) });
  else if (event === 'alert' && data) tell({ kind: 'alert', alert: JSON.parse(data) });
  else if (event === 'resync') tell({ kind: 'resync', id });
}

/** The stream does not say why it was refused; the session does: ended (by its own 401) or locked. */
async function coverIfRefused() {
  const { locked } = await get('/api/auth/session');
  if (locked) cover.value = 'locked';
}

/** Reads the stream by fetch, not EventSource: only so are the pings, which prove that the line lives, seen. @param {AbortSignal} stop */
async function readOnce(stop) {
  line = new AbortController();
  lineSince = performance.now();
  const quit = () => line?.abort();
  stop.addEventListener('abort', quit);
  try {
    const headers = lastId ? { 'Last-Event-ID': lastId } : undefined;
    const response = await fetch(address('/api/events'), { headers, signal: line.signal, credentials: 'same-origin', cache: 'no-store' });
    if (response.status === 401) await coverIfRefused();
    if (!response.ok || !response.body) throw new Error(String(response.status));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    tell({ kind: 'beat' });
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      tell({ kind: 'beat' });
      const blocks = (rest + value).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      blocks.forEach(takeBlock);
    }
  } finally {
    stop.removeEventListener('abort', quit);
  }
}

/** @param {AbortSignal} stop */
async function readForever(stop) {
  while (!stop.aborted) {
    await readOnce(stop).catch(() => {});
    if (stop.aborted) return;
    tell({ kind: 'lost' });
    // Behind the cover the server refuses; asking again and again would only fill its log.
    do await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    while (cover.peek() !== 'none' && !stop.aborted);
  }
}

function watchSilence() {
  const now = performance.now();
  if (now - lastBeat < SILENCE_MS) return;
  connection.value = 'lost';
  // Only the reading tab has a line; cutting a dumb one starts a fresh one.
  if (now - lineSince > SILENCE_MS) line?.abort();
}

/** Starts listening for the signed-in clinic; a second call does nothing. */
export function startEvents() {
  if (running) return;
  running = new AbortController();
  const { signal: stop } = running;
  lastBeat = performance.now();
  timer = window.setInterval(watchSilence, 500);
  if (!('locks' in navigator)) {
    void readForever(stop);
    return;
  }
  channel = new BroadcastChannel('taskmed-events');
  channel.addEventListener('message', (event) => take(event.data));
  navigator.locks.request('taskmed-events', { signal: stop }, () => readForever(stop)).catch(() => {});
}

export function stopEvents() {
  running?.abort();
  running = null;
  line = null;
  channel?.close();
  channel = null;
  clearInterval(timer);
  connection.value = 'connecting';
}

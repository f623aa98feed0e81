// Locks the page after the clinic's idle time, counted over all tabs of this browser; warns one minute before.
import { effect, onDispose } from '../kernel/signal.js';
import { cover, idleWarning, lock, loadSession, session } from '../api/session.js';

const KEY = 'taskmed-activity';
const LOCK_KEY = 'taskmed-locked';
const WARN_MS = 60000;
let last = Date.now();
let started = false;

/** @param {string} key @param {string} value */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage each tab counts by itself.
  }
}

function onActivity() {
  const now = Date.now();
  idleWarning.value = false;
  if (now - last < 2000) return;
  last = now;
  remember(KEY, String(now));
}

function check() {
  const minutes = session.peek()?.idle_lock_min ?? 0;
  if (!minutes || cover.peek() !== 'none') return;
  const left = minutes * 60000 - (Date.now() - last);
  idleWarning.value = left <= WARN_MS && left > 0;
  if (left > 0) return;
  idleWarning.value = false;
  void lock();
}

/** @param {StorageEvent} event */
function onStorage(event) {
  if (event.key === KEY) {
    last = Math.max(last, Number(event.newValue));
    idleWarning.value = false;
  } else if (event.key === LOCK_KEY) {
    if (event.newValue === 'locked') cover.value = 'locked';
    else void loadSession().catch(() => {});
  }
}

/** One watch for the life of the page; it rests while nobody is signed in. */
export function startIdle() {
  if (started) return;
  started = true;
  // Fetched now, in a quiet moment: when the page must be covered the server may be gone.
  setTimeout(() => void import('./cover.js'), 8000);
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) document.addEventListener(type, onActivity, { passive: true, capture: true });
  window.addEventListener('storage', onStorage);
  const timer = setInterval(check, 1000);
  onDispose(() => clearInterval(timer));
  let before = cover.peek();
  effect(() => {
    const now = cover.value;
    if (now !== before) {
      last = Date.now();
      remember(LOCK_KEY, now === 'none' ? `open ${last}` : 'locked');
    }
    before = now;
  });
}

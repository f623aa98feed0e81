// Who is signed in: the session signal, what the person may do, locking and signing out.
import { computed, signal } from '../kernel/signal.js';
import { get, patch, post, setClinic, watchRefusals } from './client.js';

/** @typedef {{ kind: string, number: string, state: string }} Council */
/**
 * @typedef {object} User
 * @property {number} id @property {string} name @property {string | null} email @property {string[]} roles
 * @property {boolean} is_professional @property {string[]} permissions @property {number} color
 * @property {Council | null} council @property {string | null} specialty
 * @property {'pt-BR' | 'en'} language @property {'system' | 'light' | 'dark'} theme
 * @property {'comfortable' | 'compact'} [density] @property {boolean} [single_key_shortcuts] @property {number} version
 */
/** @typedef {{ id: number, name: string, time_zone: string, is_demo: boolean, recovery_confirmed: boolean }} Clinic */
/** @typedef {{ user: User, clinic: Clinic, locked: boolean, idle_lock_min: number, expires_at: string }} Session */

/** @type {import('../kernel/signal.js').Signal<Session | null>} */
export const session = signal(/** @type {Session | null} */ (null));
/** Why the page is covered: locked by a person or idleness, or the session has ended. */
export const cover = signal(/** @type {'none' | 'locked' | 'ended'} */ ('none'));
/** True in the last minute before the page locks itself. */
export const idleWarning = signal(false);
export const user = computed(() => session.value?.user ?? null);
export const clinic = computed(() => session.value?.clinic ?? null);

/** @param {string} permission */
export const can = (permission) => session.value?.user.permissions.includes(permission) ?? false;

/** @param {Session} next */
export function enter(next) {
  setClinic(next.clinic.id);
  const before = session.peek();
  session.value = { ...before, ...next };
  cover.value = session.value.locked ? 'locked' : 'none';
}

watchRefusals((error) => {
  if (!session.peek() || error.code === 'wrong_credentials') return;
  cover.value = error.code === 'session_locked' ? 'locked' : 'ended';
});

/** Asks the server who we are; null when nobody is signed in. @returns {Promise<Session | null>} */
export async function loadSession() {
  try {
    enter(await get('/api/auth/session'));
  } catch (error) {
    if (/** @type {any} */ (error).status !== 401) throw error;
    session.value = null;
  }
  return session.peek();
}

/** @param {{ email: string, password: string, clinic_id?: number }} credentials */
export async function signIn(credentials) {
  await post('/api/auth/login', credentials);
  await loadSession();
}

export async function signOut() {
  await post('/api/auth/logout');
  session.value = null;
  cover.value = 'none';
}

/** Covers the page first: a slow or lost line never leaves it open. */
export async function lock() {
  cover.value = 'locked';
  await post('/api/auth/lock').catch(() => {});
}

/** @param {string} password */
export async function unlock(password) {
  const ended = cover.peek() === 'ended';
  const email = session.peek()?.user.email ?? '';
  if (ended) await post('/api/auth/login', { email, password, clinic_id: session.peek()?.clinic.id });
  else await post('/api/auth/unlock', { password });
  cover.value = 'none';
  await loadSession();
}

/** @param {Partial<Pick<User, 'language' | 'theme' | 'density' | 'single_key_shortcuts'>>} change */
export async function savePreferences(change) {
  const current = session.peek();
  if (!current) return;
  session.value = { ...current, user: { ...current.user, ...change } };
  // Preferences carry no If-Match: the last choice of the same person wins.
  const saved = await patch('/api/auth/preferences', change, current.user.version);
  const now = session.peek();
  if (now) session.value = { ...now, user: { ...now.user, ...saved } };
}

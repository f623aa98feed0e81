// Boot: who is here, in which language, and which view; then the shell keeps the rest.
import { effect, signal, untrack } from './kernel/signal.js';
import { h, replace } from './kernel/dom.js';
import { get } from './api/client.js';
import { can, cover, loadSession, session } from './api/session.js';
import { startEvents, stopEvents } from './api/events.js';
import { t, timeZone } from './i18n/index.js';
import { followUser, startLook } from './look.js';
import { fetchView, keyOf, mount, navigate, route, startRouter } from './router.js';
import { makeShell } from './shell/shell.js';

const PLAIN = new Set(['setup', 'login']);
const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const query = signal(route.peek().query);
const context = { query, route, navigate, session };
/** @type {import('./router.js').Mounted | null} */
let mounted = null;
/** @type {ReturnType<typeof makeShell> | null} */
let shell = null;
let turn = 0;

/** Where somebody who is not signed in belongs. */
async function doorFor() {
  const { needs_setup } = await get('/api/setup');
  return needs_setup ? '/setup' : '/login';
}

function endView() {
  mounted?.end();
  mounted = null;
}

/** @param {import('./router.js').Route} at */
async function show(at) {
  query.value = at.query;
  // Also when nothing is to be done: a page that is still loading must not come after this one.
  const mine = ++turn;
  const same = mounted && (mounted.key === keyOf(at) || (mounted.keeps && mounted.name === at.view));
  if (same) return;
  const first = !mounted;
  const next = await load(at);
  if (mine !== turn) {
    next.end();
    return;
  }
  endView();
  mounted = next;
  if (PLAIN.has(at.view)) showPlain(next);
  else showInShell(next, first);
}

/** A page that only says something; bare words when the server is gone before its module came. @param {'not_found' | 'view_failed'} kind @param {() => void} [retry] @returns {Promise<Node>} */
const say = (kind, retry) => import('./shell/message.js').then((module) => module.message(kind, retry), () => h('p', { class: 'empty' }, t(`${kind}_text`)));

/** @param {import('./router.js').Route} at @returns {Promise<import('./router.js').Mounted>} */
async function load(at) {
  const made = { name: at.view, key: keyOf(at), keeps: false, end: () => {} };
  try {
    return (await mount(at, context)) ?? { ...made, node: await say('not_found'), title: () => t('not_found_title') };
  } catch (error) {
    console.error(error);
    return { ...made, key: '', node: await say('view_failed', () => void show(route.peek())), title: () => t('view_failed_title') };
  }
}

/** @param {import('./router.js').Mounted} view */
function showPlain(view) {
  shell?.dispose();
  shell = null;
  replace(root, view.node);
  document.title = `${titleOf(view)} · TaskMed`;
}

/** @param {import('./router.js').Mounted} view @param {boolean} first */
function showInShell(view, first) {
  if (!shell) {
    shell = makeShell();
    replace(root, shell.node);
  }
  shell.show(view, first);
}

/** @param {import('./router.js').Mounted} view */
const titleOf = (view) => (typeof view.title === 'function' ? view.title() : view.title ?? '');

/** Where somebody works who may not see the agenda. */
const homeOf = () => (can('view_appointments') ? '/agenda' : can('view_health') ? '/health' : '/team');

/** Signed out pages and signed in pages each send you to the other side. */
async function guide() {
  const at = route.peek();
  const signedIn = session.peek() !== null;
  if (signedIn && at.view === 'agenda' && !can('view_appointments')) return navigate(homeOf(), { replace: true });
  if (signedIn && PLAIN.has(at.view) && at.view !== 'setup') return navigate(at.query.get('next') ?? homeOf(), { replace: true });
  if (!signedIn && !PLAIN.has(at.view)) return navigate(await doorFor(), { replace: true });
  if (!signedIn && at.view === 'login' && (await doorFor()) === '/setup') return navigate('/setup', { replace: true });
  return undefined;
}

/** @param {boolean} signedIn */
function onSession(signedIn) {
  const now = session.peek();
  if (now) timeZone.value = now.clinic.time_zone;
  if (signedIn) startEvents();
  else stopEvents();
}

async function boot() {
  const known = await startLook();
  if (known) fetchView(route.peek().view);
  // A browser that never met the program may stand before an empty one: there is nobody to ask for.
  if (known || !(await get('/api/setup')).needs_setup) await loadSession();
  await guide();
  followUser();
  startRouter();
  let before = /** @type {boolean | null} */ (null);
  effect(() => {
    const signedIn = session.value !== null;
    if (signedIn === before) return;
    const started = before !== null;
    before = signedIn;
    untrack(() => onSession(signedIn));
    if (started) void guide();
  });
  effect(() => {
    const at = route.value;
    // A page opened while locked is read only after the password: before, the server refuses everything.
    if (!mounted && cover.value !== 'none') return;
    untrack(() => void show(at));
  });
  effect(() => {
    if (cover.value !== 'none') void import('./shell/cover.js').then((module) => module.showCover());
  });
}

boot().catch(async (error) => {
  console.error(error);
  replace(root, h('main', null, await say('view_failed', () => location.reload())));
});

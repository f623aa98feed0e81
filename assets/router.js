// Addresses to views: History API, one dynamic import a view, links caught in one place.
import { onDispose, scope, signal } from './kernel/signal.js';
import { closePanel, panelOpen } from './ui/panel.js';

/** @typedef {{ view: string, params: Record<string, string>, query: URLSearchParams, path: string }} Route */

const VIEWS = {
  agenda: () => import('./views/agenda/index.js'),
  contacts: () => import('./views/contacts/index.js'),
  team: () => import('./views/team/index.js'),
  settings: () => import('./views/settings/index.js'),
  health: () => import('./views/health/index.js'),
  audit: () => import('./views/audit/index.js'),
  setup: () => import('./views/setup/index.js'),
  login: () => import('./views/login/index.js'),
};
/** @typedef {keyof typeof VIEWS} ViewName */

/** Fetches a view that is about to be shown while something else is still asked for. @param {string} name */
export const fetchView = (name) => void (name in VIEWS && VIEWS[/** @type {ViewName} */ (name)]().catch(() => {}));

/** Fixed parts before `:id`: the first that fits wins. @type {[string, ViewName][]} */
const PATHS = [
  ['/agenda', 'agenda'], ['/contacts', 'contacts'], ['/contacts/import', 'contacts'], ['/contacts/:id', 'contacts'], ['/contacts/:id/:section', 'contacts'],
  ['/team', 'team'], ['/settings', 'settings'], ['/settings/:section', 'settings'], ['/health', 'health'], ['/audit', 'audit'],
  ['/setup', 'setup'], ['/login', 'login'],
];

/** Where we are. */
export const route = signal(match(location.pathname, location.search));

/** @param {string} pattern @param {string} path @returns {Record<string, string> | null} */
function fit(pattern, path) {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given[index]);
    else if (part !== given[index]) return null;
  }
  return params;
}

/** @param {string} pathname @param {string} search @returns {Route} */
function match(pathname, search) {
  const path = pathname === '/' ? '/agenda' : pathname.replace(/\/$/, '');
  const query = new URLSearchParams(search);
  for (const [pattern, view] of PATHS) {
    const params = fit(pattern, path);
    if (params) return { view, params, query, path };
  }
  return { view: '', params: {}, query, path };
}

/** Asked before leaving; a view with unsaved text adds its own. @type {Set<() => boolean | Promise<boolean>>} */
const guards = new Set();

/** Until the running view or effect ends. @param {() => boolean | Promise<boolean>} fn */
export function guardLeave(fn) {
  guards.add(fn);
  onDispose(() => guards.delete(fn));
}

async function mayLeave() {
  for (const guard of guards) if (!(await guard())) return false;
  return true;
}

/** What each entry of the history carries: its number, to find the way back, and the path it was reached from. @returns {{ at?: number, from?: string } | null} */
const entry = () => history.state;
let at = entry()?.at ?? 0;

/** @param {string} to @param {{ replace?: boolean }} [options] */
export async function navigate(to, { replace = false } = {}) {
  const url = new URL(to, location.origin);
  const next = match(url.pathname, url.search);
  if (next.path !== route.peek().path && !(await mayLeave())) return;
  if (replace) history.replaceState({ ...entry(), at }, '', url.pathname + url.search);
  else history.pushState({ at: ++at, from: location.pathname }, '', url.pathname + url.search);
  route.value = next;
}

/** To where this page was reached from when that is the address, as it was left; else to the address. @param {string} to */
export function goBack(to) {
  if (entry()?.from === to) history.back();
  else void navigate(to);
}

let asking = false;
/** What the next step through the history is, when we asked for it ourselves. @type {'none' | 'back' | 'on'} */
let ours = 'none';

/** Back and forward: the address has changed already, so whoever must be asked first is brought back to do it. */
async function onPop() {
  const mine = ours;
  ours = 'none';
  if (mine !== 'none') return mine === 'on' ? arrive() : undefined;
  const open = [...document.querySelectorAll('dialog[open]')].at(-1);
  const full = panelOpen.peek() && matchMedia('(max-width: 767px)').matches;
  if (asking || open || full) {
    // Back is how a phone closes what fills its screen; the lock stays.
    step(at - number());
    if (open) open.dispatchEvent(new Event('cancel', { cancelable: true }));
    else if (full) void closePanel();
    return;
  }
  const steps = number() - at;
  if (match(location.pathname, '').path === route.peek().path) return arrive();
  asking = true;
  const answer = mayLeave();
  const waits = await Promise.race([answer.then(() => false), new Promise((resolve) => setTimeout(resolve, 0, true))]);
  if (waits) step(-steps);
  const leaves = await answer;
  asking = false;
  if (leaves && waits && steps) step(steps, 'on');
  else if (leaves) arrive();
  else if (!waits) step(-steps);
}

const number = () => entry()?.at ?? 0;

function arrive() {
  at = number();
  route.value = match(location.pathname, location.search);
}

/** @param {number} steps @param {'back' | 'on'} [why] */
function step(steps, why = 'back') {
  if (!steps) return;
  ours = why;
  history.go(steps);
}

/** @param {MouseEvent} event */
function onClick(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || link.origin !== location.origin || /^\/(api|docs|openapi)/.test(link.pathname) || link.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  if (link.dataset.back !== undefined) goBack(link.pathname);
  else void navigate(link.pathname + link.search);
}

export function startRouter() {
  document.addEventListener('click', onClick);
  window.addEventListener('popstate', () => void onPop());
  window.addEventListener('beforeunload', (event) => {
    if (guards.size && document.body.querySelector('form[data-dirty]')) event.preventDefault();
  });
}

/**
 * What a view is given.
 * @typedef {object} Context
 * @property {Record<string, string>} params
 * @property {import('./kernel/signal.js').ReadSignal<URLSearchParams>} query follows the address
 * @property {import('./kernel/signal.js').ReadSignal<Route>} route
 * @property {typeof navigate} navigate
 * @property {import('./kernel/signal.js').ReadSignal<import('./api/session.js').Session | null>} session
 */
/** @typedef {{ node: Node, title?: string | (() => string), header?: Node, dispose?: () => void }} View */
/** @typedef {View & { name: string, key: string, keeps: boolean, end: () => void }} Mounted */

/**
 * Loads and builds the view of a route. Everything reactive made inside ends with it.
 * @param {Route} at @param {Omit<Context, 'params'>} context @returns {Promise<Mounted | null>} null for an unknown address
 */
export async function mount(at, context) {
  if (!(at.view in VIEWS)) return null;
  /** @type {{ view: (ctx: Context) => Node | View | Promise<Node | View>, keep?: boolean }} */
  const module = await VIEWS[/** @type {ViewName} */ (at.view)]();
  const made = scope(() => module.view({ ...context, params: at.params }), { detached: true });
  const result = await made.value;
  const view = result instanceof Node ? { node: result } : result;
  const end = () => {
    view.dispose?.();
    made.dispose();
  };
  return { ...view, name: at.view, key: keyOf(at), keeps: Boolean(module.keep), end };
}

/** Two routes with one key are the same page with another query. @param {Route} at */
export const keyOf = (at) => `${at.view} ${JSON.stringify(at.params)} ${at.path}`;

// The frame around every signed-in page: rail, top bar, banners, stage and panel.
import { computed, effect, scope, signal } from '../kernel/signal.js';
import { h, replace } from '../kernel/dom.js';
import { connection } from '../api/events.js';
import { can, session, user } from '../api/session.js';
import { t } from '../i18n/index.js';
import { route } from '../router.js';
import { avatar, icon } from '../ui/icon.js';
import { closePanel, panelHasRoom } from '../ui/panel.js';
import { banners } from './banners.js';
import { globalKeys } from './keys.js';

/** @typedef {{ name: 'agenda' | 'contacts' | 'team' | 'audit' | 'settings' | 'health', href: string, icon: string, permission: string, end?: boolean }} Place */

/** @type {Place[]} */
export const PLACES = [
  { name: 'agenda', href: '/agenda', icon: 'calendar', permission: 'view_appointments' },
  { name: 'contacts', href: '/contacts', icon: 'people', permission: 'view_contacts' },
  { name: 'team', href: '/team', icon: 'team', permission: 'view_team' },
  { name: 'audit', href: '/audit', icon: 'shield', permission: 'view_audit', end: true },
  { name: 'settings', href: '/settings', icon: 'settings', permission: 'own_session', end: true },
  { name: 'health', href: '/health', icon: 'health', permission: 'view_health', end: true },
];

export const openPalette = () => void import('./palette.js').then((module) => module.showPalette());
export const openHelp = () => void import('./help.js').then((module) => module.showHelp());

export function makeShell() {
  const view = signal(/** @type {import('../router.js').Mounted | null} */ (null));
  const main = h('main', { id: 'content', tabindex: '-1' });
  const slot = h('div', { class: 'topbar-slot' });
  const made = scope(() => {
    const node = h('div', { class: 'shell', 'data-panel': () => (panelHasRoom.value ? 'open' : null) },
      h('a', { class: 'skip', href: '#content', onClick: (/** @type {Event} */ event) => {
        event.preventDefault();
        main.focus();
      } }, () => t('skip')),
      banners(), rail(), h('header', { class: 'topbar' }, slot, searchButton(), h('div', { class: 'topbar-end' }, live(), person())),
      h('div', { class: 'stage' }, main, h('div', { class: 'panel-host' })));
    effect(() => {
      document.title = `${title(view.value)} · TaskMed`;
    });
    globalKeys({ openPalette, openHelp });
    void import('./idle.js').then((module) => module.startIdle());
    void import('./trail.js').then((module) => module.startTrail());
    return node;
  }, { detached: true });

  return {
    node: made.value,
    dispose: () => {
      void closePanel({ force: true });
      made.dispose();
    },
    /** @param {import('../router.js').Mounted} next @param {boolean} first */
    show(next, first) {
      void closePanel({ force: true });
      view.value = next;
      replace(slot, next.header ?? h('h1', null, () => title(next)));
      replace(main, next.node);
      main.scrollTop = 0;
      // A new page is a new place: the keyboard starts at its beginning, but the first page leaves the browser's start alone.
      if (!first) main.focus({ preventScroll: true });
    },
  };
}

/** @param {import('../router.js').Mounted | null} view */
const title = (view) => (typeof view?.title === 'function' ? view.title() : view?.title ?? '');

function rail() {
  const shown = computed(() => PLACES.filter((place) => session.value && can(place.permission)));
  // A phone's bar has room for five: who has more finds the trail in the search, as everything else.
  const spare = (/** @type {Place} */ place) => place.name === 'audit' && shown.value.length > 5;
  const item = (/** @type {Place} */ place) => h('li', { class: { spare: spare(place) } }, h('a', {
    class: 'item', href: place.href, 'aria-current': () => (route.value.view === place.name ? 'page' : null),
  }, icon(place.icon), h('span', null, () => t(place.name))));
  const group = (/** @type {boolean} */ end) => {
    const places = computed(() => shown.value.filter((place) => Boolean(place.end) === end));
    // The count shares the bottom bar of a phone evenly between both groups.
    return h('ul', { class: end ? 'end' : undefined, style: { '--count': () => places.value.filter((place) => !spare(place)).length } }, () => places.value.map(item));
  };
  return h('nav', { class: 'rail', 'aria-label': () => t('main_nav') }, h('span', { class: 'logo' }, icon('logo')), group(false), group(true));
}

function searchButton() {
  return h('button', { type: 'button', class: 'search-open', 'aria-keyshortcuts': 'Control+K', onClick: openPalette },
    icon('search'), h('span', { class: 'grow' }, () => t('search_open')), h('kbd', { 'aria-hidden': 'true' }, 'Ctrl K'));
}

function live() {
  const words = { live: /** @type {const} */ ('live'), lost: /** @type {const} */ ('lost'), connecting: /** @type {const} */ ('connecting') };
  return h('span', { class: () => `live ${connection.value === 'live' ? 'live-on' : connection.value === 'lost' ? 'live-off' : ''}`, title: () => t('live_hint') },
    h('span', { class: 'word' }, () => t(words[connection.value])));
}

function person() {
  const button = h('button', {
    type: 'button', class: 'person', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
    'aria-label': () => t('person_menu', { name: user.value?.name ?? '' }),
    onClick: () => void import('./person.js').then((module) => module.openPersonMenu(button)),
  }, () => avatar({ name: user.value?.name ?? '', color: user.value?.is_professional ? user.value.color : null }));
  return button;
}

// The menu of the signed-in person: language, look, sessions, lock, sign out.
import { h } from '../kernel/dom.js';
import { lock, savePreferences, signOut, user } from '../api/session.js';
import { language, t } from '../i18n/index.js';
import { applyLook } from '../look.js';
import { avatar } from '../ui/icon.js';
import { openMenu } from '../ui/menu.js';
import { toast } from '../ui/toast.js';
import { problemText } from '../i18n/problems.js';
import { openHelp } from './shell.js';

/** @typedef {Parameters<typeof savePreferences>[0]} Change */

/** @param {Change} change */
export function prefer(change) {
  void applyLook(change);
  savePreferences(change).catch((error) => toast({ text: problemText(error) }));
}

/** @param {string} role */
const roleName = (role) => t(/** @type {any} */ (`role_${role}`));

function card() {
  const person = user.peek();
  return h('div', { class: 'person-card', role: 'presentation' }, avatar({ name: person?.name ?? '', color: person?.is_professional ? person.color : null }),
    h('div', null, h('strong', null, person?.name), h('small', null, (person?.roles ?? []).map(roleName).join(', '))));
}

/** @param {string} label @param {() => boolean} checked @param {Change} change @param {string} [icon] */
const choice = (label, checked, change, icon) => ({ label, icon, checked, onSelect: () => prefer(change) });

/** @returns {import('../ui/menu.js').MenuItem[]} */
function personItems() {
  const theme = user.peek()?.theme ?? 'system';
  const density = user.peek()?.density ?? 'comfortable';
  return [
    { node: card() }, { separator: true },
    { group: t('theme') },
    choice(t('theme_system'), () => theme === 'system', { theme: 'system' }, 'contrast'),
    choice(t('theme_light'), () => theme === 'light', { theme: 'light' }, 'sun'),
    choice(t('theme_dark'), () => theme === 'dark', { theme: 'dark' }, 'moon'),
    { group: t('density') },
    choice(t('density_comfortable'), () => density === 'comfortable', { density: 'comfortable' }),
    choice(t('density_compact'), () => density === 'compact', { density: 'compact' }),
    { group: t('language') },
    choice(t('portuguese'), () => language.peek() === 'pt-BR', { language: 'pt-BR' }),
    choice(t('english'), () => language.peek() === 'en', { language: 'en' }),
    { separator: true },
    { label: t('my_account'), icon: 'person', href: '/settings/account' },
    { label: t('my_sessions'), icon: 'device', href: '/settings/sessions' },
    { label: t('shortcuts_help'), icon: 'keyboard', key: '?', onSelect: openHelp },
    { separator: true },
    { label: t('lock'), icon: 'lock', onSelect: () => void lock() },
    { label: t('sign_out'), icon: 'sign-out', onSelect: () => void signOut().catch((error) => toast({ text: problemText(error) })) },
  ];
}

/** @param {HTMLElement} button */
export const openPersonMenu = (button) => openMenu(button, personItems(), { align: 'end' });

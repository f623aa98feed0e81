// The look of one person: theme, density and language on the page, kept in this browser for the next start.
import { effect } from './kernel/signal.js';
import { user } from './api/session.js';
import { setLanguage } from './i18n/index.js';

/** @typedef {{ theme?: string, density?: string, language?: 'pt-BR' | 'en' }} Look */

/** @returns {Look} */
function stored() {
  try {
    return JSON.parse(localStorage.getItem('taskmed-look') ?? '{}');
  } catch {
    return {};
  }
}

/** @param {Look} change */
export function applyLook(change) {
  const root = document.documentElement;
  const look = { ...stored(), ...change };
  root.dataset.theme = look.theme ?? 'system';
  root.dataset.density = look.density ?? 'comfortable';
  try {
    localStorage.setItem('taskmed-look', JSON.stringify(look));
  } catch {
    // Storage may be switched off; the look then lasts as long as the page.
  }
  return look.language && look.language !== document.documentElement.lang ? setLanguage(look.language) : Promise.resolve();
}

/** Takes the language kept here; the person's own choice replaces it at sign-in. False when this browser has never been used. */
export async function startLook() {
  const look = stored();
  if (look.language) await setLanguage(look.language);
  return Object.keys(look).length > 0;
}

/** Follows the signed-in person's preferences. */
export function followUser() {
  effect(() => {
    const person = user.value;
    if (person) void applyLook({ theme: person.theme, density: person.density, language: person.language });
  });
}

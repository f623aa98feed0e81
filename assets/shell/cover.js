// Covers the page while it is locked; what was typed stays behind it. Asks for the password, or for another person.
import { h, loadStyle } from '../kernel/dom.js';
import { effect, scope } from '../kernel/signal.js';
import { ApiError } from '../api/client.js';
import { cover, session, signOut, unlock, user } from '../api/session.js';
import { t } from '../i18n/index.js';
import { avatar } from '../ui/icon.js';
import { button } from '../ui/button.js';
import { field } from '../ui/field.js';
import { form } from '../ui/form.js';
import { layOver } from '../ui/over.js';

await loadStyle('overlay');

let shown = false;

/** Someone else signs in: the page behind the cover is not theirs, so it goes. */
async function leave() {
  await signOut().catch(() => {
    session.value = null;
    cover.value = 'none';
  });
}

function card() {
  const ended = cover.peek() === 'ended';
  const person = user.peek();
  const unlocking = form({
    label: () => t(ended ? 'cover_ended' : 'cover_locked'), submit: () => t(ended ? 'cover_sign_in' : 'cover_unlock'),
    body: [
      h('input', { class: 'visually-hidden', type: 'email', autocomplete: 'username', value: person?.email ?? '', tabindex: '-1', 'aria-hidden': 'true', readonly: true }),
      field({ name: 'password', label: () => t('password'), type: 'password', props: { autocomplete: 'current-password', autofocus: true } }),
    ],
    onSubmit: ({ password }) => unlock(password),
    explain: (error) => (error instanceof ApiError && error.code === 'wrong_credentials' ? t('cover_wrong') : null),
  });
  return h('div', { class: 'cover-card' },
    h('header', null, avatar({ name: person?.name ?? '', color: person?.is_professional ? person.color : null, size: 'large' }), h('h2', null, person?.name),
      h('p', { class: 'muted' }, () => t(ended ? 'cover_ended_text' : 'cover_locked_text'))),
    unlocking.node, button({ label: () => t('cover_other'), kind: 'ghost', onClick: () => void leave() }));
}

export function showCover() {
  if (shown) return;
  shown = true;
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  const made = scope(() => h('dialog', { class: 'cover', 'aria-label': () => t('cover_locked') }, card()), { detached: true });
  const node = made.value;
  const lift = layOver(node, { hides: true, focus: () => /** @type {HTMLElement | null} */ (node.querySelector('input[type="password"]'))?.focus() });
  const stop = effect(() => {
    if (cover.value !== 'none') return;
    lift();
    made.dispose();
    shown = false;
    queueMicrotask(() => stop());
    if (opener?.isConnected) opener.focus();
  });
}

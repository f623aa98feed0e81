// What the trail needs of every screen: what is printed is told, and whoever may audit remembers the newest signature, so that a
// trail put back to an earlier state, cut or replaced is noticed by the browsers that saw it.
import { h } from '../kernel/dom.js';
import { get, post } from '../api/client.js';
import { can, clinic } from '../api/session.js';
import { t } from '../i18n/index.js';
import { button } from '../ui/button.js';
import { dialog } from '../ui/dialog.js';
import { field } from '../ui/field.js';
import { form } from '../ui/form.js';
import { icon } from '../ui/icon.js';
import { toast } from '../ui/toast.js';

/** @typedef {{ number: number, signature: string }} Mark */

const EVERY_MS = 3_600_000;
let watching = false;
let timer = 0;

export function startTrail() {
  if (!watching) addEventListener('beforeprint', tellPrint);
  watching = true;
  clearInterval(timer);
  // A demonstration has another trail each time it is made.
  if (!can('view_audit') || clinic.peek()?.is_demo) return;
  timer = window.setInterval(() => void compare(), EVERY_MS);
  void compare();
}

function tellPrint() {
  const [, view, id] = location.pathname.split('/');
  const entity = view === 'agenda' || !view ? 'agenda' : view === 'contacts' && Number(id) ? 'contact' : 'page';
  post('/api/audit/prints', { entity, entity_id: entity === 'contact' ? Number(id) : undefined }).catch(() => {});
}

const place = () => `taskmed.trail.${clinic.peek()?.id}`;

/** @returns {Mark | null} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {Mark | null} latest */
function remember(latest) {
  try {
    if (latest) localStorage.setItem(place(), JSON.stringify({ number: latest.number, signature: latest.signature }));
  } catch {
    // A browser that keeps nothing cannot be a witness.
  }
}

async function compare() {
  const mark = remembered();
  const answer = await get('/api/audit/checkpoint', mark ? { known_number: mark.number, known_signature: mark.signature } : {}).catch(() => null);
  if (!answer) return;
  // The copies beside the clinic's file contradict it, whatever this browser saw: only the owner's word makes that good.
  if (answer.copies !== 'holds') warn(answer.copies, can('accept_restored') ? acceptRestored : undefined);
  else if (answer.known && answer.known !== 'holds') warn(answer.known, (done) => {
    remember(answer.latest);
    done();
  });
  else remember(answer.latest);
}

/** Asks for the password: it goes on the trail who said so. @param {() => void} done */
function acceptRestored(done) {
  dialog({
    title: t('trail_restored'), size: 'narrow',
    body: (close) => [h('p', null, t('trail_restored_text')), form({
      submit: () => t('trail_restored'), onCancel: () => close(),
      body: field({ name: 'password', label: () => t('trail_restored_password'), type: 'password', props: { autocomplete: 'current-password' } }),
      onSubmit: async ({ password }) => {
        const { latest } = await post('/api/audit/restored', { password });
        remember(latest);
        close();
        done();
        toast({ text: t('trail_restored_done') });
      },
    }).node],
  });
}

/** What was seen before stays remembered until someone says that a backup was brought back on purpose. @param {'missing' | 'differs'} known @param {(done: () => void) => void} [accept] */
function warn(known, accept) {
  const host = document.querySelector('.banners');
  if (!host || host.querySelector('.banner.trail')) return;
  const box = h('div', { class: 'banner lost trail', role: 'alert' }, h('p', null, icon('shield'), () => t(known === 'missing' ? 'trail_missing' : 'trail_differs')),
    accept && button({ label: () => t('trail_accept'), kind: 'link', onClick: () => {
      accept(() => box.remove());
    } }));
  host.append(box);
}

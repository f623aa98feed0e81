// How far the trail is signed, verifying it with its progress, closing the day, taking the trail out.
import { h } from '../../kernel/dom.js';
import { onDispose, signal } from '../../kernel/signal.js';
import { address, get } from '../../api/client.js';
import { can } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { icon } from '../../ui/icon.js';
import { menu } from '../../ui/menu.js';
import { faultText, t } from './words.js';

/** @typedef {{ seq: number, why: string, checkpoint: number | null }} Fault */
/** @typedef {{ state: 'running' | 'done', checked: number, total: number, ok: boolean | null, first_broken: Fault | null, verdict: { entries: number, versions: number, erased: number, checkpoints: number, sealed_to: number, faults: Fault[] } | null }} Verification */

/** @param {import('./trail.js').Trail} trail */
export function seal(trail) {
  const signed = signal(/** @type {{ seq: number, at: string } | null | undefined} */ (undefined));
  const read = () => void get('/api/audit/checkpoint').then((answer) => (signed.value = answer.latest), () => {});
  read();
  const check = verifier();
  const out = button({ label: () => t('export'), icon: 'export' });
  menu(out, () => /** @type {const} */ (['csv', 'jsonl']).map((format) => ({ label: t(`export_${format}`), onSelect: () => download(format, trail) })), { align: 'end' });
  return h('section', { class: 'card audit-seal', 'aria-labelledby': 'audit-seal' },
    h('div', { class: 'audit-seal-head' }, icon('shield'),
      h('div', null, h('h2', { id: 'audit-seal' }, () => t('seal')),
        h('p', { class: 'muted' }, () => (signed.value ? t('seal_text', { seq: signed.value.seq, ago: fmt.ago(signed.value.at) }) : signed.value === null ? t('seal_none') : t('verify_text')))),
      h('div', { class: 'button-row' }, out,
        can('close_day') && button({ label: () => t('closing'), icon: 'note', onClick: () => void import('./closing.js').then((module) => module.openClosing(read)) }),
        button({ label: () => t('verify'), icon: 'check-double', kind: 'primary', key: 'V', disabled: () => check.running.value, onClick: check.start }))),
    h('div', { role: 'status' }, check.shown), check.bar);
}

/** The browser fetches it as a link would, so that it never stands whole in the page. @param {'csv' | 'jsonl'} format @param {import('./trail.js').Trail} trail */
function download(format, trail) {
  const link = h('a', { href: address('/api/audit/export', { ...trail.wanted.peek(), format }), download: '' });
  document.body.append(link);
  link.click();
  link.remove();
}

function verifier() {
  const running = signal(false);
  const result = signal(/** @type {Verification | 'failed' | null} */ (null));
  let ended = false;
  onDispose(() => (ended = true));
  async function start() {
    if (running.peek()) return;
    running.value = true;
    result.value = null;
    try {
      do result.value = await get('/api/audit/verify'); while (!ended && /** @type {Verification} */ (result.peek()).state === 'running');
    } catch {
      result.value = 'failed';
    }
    running.value = false;
  }
  const bar = () => {
    const now = result.value;
    if (!running.value) return null;
    const known = now && now !== 'failed' && now.total > 0;
    return h('progress', { class: 'audit-progress', 'aria-label': t('verify'), max: known ? now.total : undefined, value: known ? now.checked : undefined });
  };
  return { running, start: () => void start(), shown: () => (result.value ? outcome(result.value) : null), bar };
}

/** @param {Verification | 'failed'} result */
function outcome(result) {
  if (result === 'failed') return h('p', { class: 'note warn audit-note' }, icon('warning'), t('verify_failed'));
  if (!result.verdict) return h('p', { class: 'muted audit-note' }, t('verifying', { checked: result.checked, total: result.total }));
  const { entries, versions, checkpoints, faults } = result.verdict;
  if (result.ok) return h('div', { class: 'note ok audit-note' }, icon('ok'), h('div', null, h('h3', null, t('whole')), h('p', null, t('whole_text', { entries, versions, checkpoints }))));
  return h('div', { class: 'note bad audit-note' }, icon('error'), h('div', null, h('h3', null, t('broken')), h('ul', null, faults.map((fault) => h('li', null, faultText(fault)))), h('p', null, t('broken_text'))));
}

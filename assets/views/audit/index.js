// The audit trail: how far it is signed, what to look for, and what happened, in sentences.
import { h, loadStyle } from '../../kernel/dom.js';
import { can } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { registerActions, registerKeys } from '../../shell/keys.js';
import { button } from '../../ui/button.js';
import { empty } from '../../ui/empty.js';
import { icon } from '../../ui/icon.js';
import { skeleton } from '../../ui/skeleton.js';
import { table } from '../../ui/table.js';
import { openEntry } from './detail.js';
import { filters } from './filters.js';
import { seal } from './seal.js';
import { createTrail } from './trail.js';
import { details, fromOf, sentence, t } from './words.js';

await loadStyle('audit');

/** @typedef {import('./words.js').Entry} Entry */
/** @typedef {import('./trail.js').Trail} Trail */

const TONES = /** @type {const} */ ({ done: '', refused: 'warn', failed: 'bad' });

/** @param {import('../../router.js').Context} ctx @returns {import('../../router.js').View} */
export function view(ctx) {
  const title = () => t('title');
  if (!can('view_audit')) return { title, node: h('div', { class: 'page' }, empty({ icon: 'lock', title: () => t('forbidden'), text: () => t('forbidden_text') })) };
  const trail = createTrail(ctx.query.peek());
  void trail.load();
  const verify = () => /** @type {HTMLElement | null} */ (document.querySelector('.audit-seal .button.primary'))?.click();
  registerKeys([
    { key: 'v', label: () => t('verify'), group: title, run: verify },
    { key: '/', label: () => t('filters'), group: title, run: () => /** @type {HTMLElement | null} */ (document.querySelector('.audit-filters :is(input, select)'))?.focus() },
  ]);
  registerActions([{ label: () => t('verify'), icon: 'check-double', key: 'V', run: verify }]);
  const node = h('div', { class: 'page audit' }, h('p', { class: 'muted' }, () => t('intro')), seal(trail), filters(trail),
    h('p', { class: 'audit-count muted', role: 'status' }, () => count(trail)),
    h('div', { hidden: () => !trail.items.value.length || trail.phase.value === 'failed' }, list(trail)), () => trouble(trail),
    () => trail.next.value && trail.phase.value === 'ready' && h('div', { class: 'button-row audit-more' }, button({ label: () => t('load_more'), onClick: () => void trail.load(true) })));
  return { node, title };
}

/** @param {Trail} trail */
function count(trail) {
  const { length } = trail.items.value;
  if (trail.phase.value === 'loading') return length ? t('loading') : '';
  if (trail.phase.value !== 'ready' || !length) return '';
  return trail.next.value ? t('shown_more', { count: length }) : t('shown', { count: length });
}

/** @param {Trail} trail */
function trouble(trail) {
  const { length } = trail.items.value;
  if (trail.phase.value === 'failed') return empty({ icon: 'warning', title: () => t('failed'), text: () => t('failed_text'), action: button({ label: () => t('retry'), onClick: () => void trail.load() }) });
  if (trail.phase.value === 'loading' && !length) return skeleton({ lines: 8 });
  if (trail.phase.value === 'ready' && !length) return empty({ icon: 'shield', title: () => t('empty_title'), text: () => t('empty_text'), action: button({ label: () => t('clear_filters'), onClick: trail.clear }) });
  return null;
}

/** @param {Trail} trail */
const list = (trail) => table({
  caption: () => t('table'), items: () => trail.items.value, key: (one) => one.seq, onOpen: (one) => openEntry(one, trail),
  columns: [
    { label: () => t('col_act'), cell: act },
    { label: () => t('col_when'), cell: (one) => h('span', { class: 'number audit-when' }, fmt.dateTime(one.at)), hide: 'narrow' },
    { label: () => t('col_from'), cell: (one) => h('span', { class: 'muted' }, fromOf(one)), hide: 'medium' },
    { label: () => t('col_seq'), cell: (one) => h('span', { class: 'number muted' }, fmt.number(one.seq)), end: true, hide: 'medium' },
  ],
});

/** @param {Entry} one */
function act(one) {
  const more = details(one);
  return h('span', { class: 'audit-act' },
    h('span', { class: 'audit-sentence' }, sentence(one), one.outcome !== 'done' && h('span', { class: ['badge', TONES[one.outcome]] }, icon(one.outcome === 'refused' ? 'ban' : 'warning'), t(`outcome_${one.outcome}`))),
    more && h('span', { class: 'audit-line' }, more),
    h('span', { class: 'audit-line number only-narrow' }, fmt.dateTime(one.at)));
}

// One entry in the side panel: everything it says, and the ways on from it.
import { h } from '../../kernel/dom.js';
import { can } from '../../api/session.js';
import { fmt } from '../../i18n/index.js';
import { button, linkButton } from '../../ui/button.js';
import { openPanel } from '../../ui/panel.js';
import { details, fromOf, sentence, t, whoOf } from './words.js';

/** @typedef {import('./words.js').Entry} Entry */

/** @param {Entry} entry @param {import('./trail.js').Trail} trail */
export const openEntry = (entry, trail) => void openPanel({
  title: () => t('detail', { seq: fmt.number(entry.seq) }), subtitle: () => sentence(entry),
  body: (close) => [
    h('dl', { class: 'audit-facts' }, () => facts(entry).flatMap(([name, value]) => [h('dt', null, name), h('dd', null, value)])),
    h('p', { class: 'caption muted' }, () => t('d_hash_text')),
    h('div', { class: 'button-row' },
      entry.entity === 'contact' && entry.entity_id && can('view_contacts') && linkButton({ label: () => t('open_contact'), icon: 'person', href: `/contacts/${entry.entity_id}` }),
      entry.entity_id && button({ label: () => t('only_this'), icon: 'filter', onClick: () => void close().then(() => trail.ask({ entity: entry.entity, entity_id: String(entry.entity_id) })) }),
      entry.user_id && button({ label: () => t('only_person'), icon: 'filter', onClick: () => void close().then(() => trail.ask({ user_id: String(entry.user_id) })) })),
  ],
});

/** @param {Entry} entry */
const facts = (entry) => /** @type {[string, import('../../kernel/dom.js').Children][]} */ ([
  [t('d_when'), `${fmt.weekdayDate(entry.at)}, ${fmt.time(entry.at)}`],
  [t('d_who'), whoOf(entry)],
  [t('d_roles'), fmt.list(entry.roles.map((role) => t(/** @type {'role_owner'} */ (`role_${role}`))))],
  [t('d_from'), fromOf(entry)],
  [t('d_outcome'), t(`outcome_${entry.outcome}`)],
  [t('d_fields'), details({ ...entry, reason: '' })],
  [t('d_reason'), entry.reason],
  [t('d_request'), entry.request_id && h('code', null, entry.request_id)],
  [t('d_hash'), h('code', null, entry.hash)],
]).filter(([, value]) => value);

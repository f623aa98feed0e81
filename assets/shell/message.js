// A page that only says something: not found, not allowed, could not be opened.
import { h } from '../kernel/dom.js';
import { t } from '../i18n/index.js';
import { button, linkButton } from '../ui/button.js';
import { icon } from '../ui/icon.js';

const ICONS = { not_found: 'search', forbidden: 'lock', view_failed: 'warning' };

/** @param {keyof typeof ICONS} kind @param {() => void} [retry] */
export function message(kind, retry) {
  return h('div', { class: 'empty' }, icon(ICONS[kind]), h('h2', null, () => t(`${kind}_title`)), h('p', null, () => t(`${kind}_text`)),
    retry ? button({ label: () => t('retry'), icon: 'refresh', onClick: retry }) : linkButton({ label: () => t('go_agenda'), href: '/agenda', kind: 'primary' }));
}

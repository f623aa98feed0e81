// What must be seen on every page: the line is lost, this is a demonstration, the recovery code is not confirmed.
import { h } from '../kernel/dom.js';
import { connection } from '../api/events.js';
import { can, clinic, idleWarning } from '../api/session.js';
import { t } from '../i18n/index.js';
import { button } from '../ui/button.js';
import { icon } from '../ui/icon.js';

export function banners() {
  return h('section', { class: 'banners', 'aria-label': () => t('notices') },
    h('div', { role: 'alert' }, () => connection.value === 'lost' && h('div', { class: 'banner lost' }, h('p', null, icon('warning'), t('lost_banner')))),
    h('div', { role: 'status' }, () => idleWarning.value && h('div', { class: 'banner warn' }, h('p', null, icon('lock'), t('idle_warning')))),
    () => clinic.value?.is_demo && h('div', { class: 'banner demo' }, h('p', null, icon('sparkle'), h('span', { class: 'long' }, t('demo_banner')), h('span', { class: 'short', 'aria-hidden': 'true' }, t('demo_short'))),
      h('span', { class: 'banner-acts' }, button({ label: t('demo_sign_ins'), kind: 'link', onClick: () => void import('./demo.js').then((module) => module.showSignIns()) }),
        button({ label: t('demo_leave'), kind: 'link', onClick: () => void import('./demo.js').then((module) => module.leaveDemo()) }))),
    () => clinic.value && !clinic.value.is_demo && !clinic.value.recovery_confirmed && can('edit_clinic') && h('div', { class: 'banner warn' },
      h('p', null, icon('key'), t('recovery_banner')),
      button({ label: t('recovery_confirm'), kind: 'link', onClick: () => void import('./recovery.js').then((module) => module.confirmRecovery()) })));
}

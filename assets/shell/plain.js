// The frame of pages without sign-in: the mark, the language and the look; one centred column.
import { h } from '../kernel/dom.js';
import { language, t } from '../i18n/index.js';
import { applyLook } from '../look.js';
import { iconButton } from '../ui/button.js';
import { icon } from '../ui/icon.js';
import { menu } from '../ui/menu.js';

/** @param {...import('../kernel/dom.js').Child} content */
export function plainFrame(...content) {
  const languages = menu(iconButton({ icon: 'globe', label: () => t('language') }), () => [
    { label: t('portuguese'), checked: () => language.peek() === 'pt-BR', onSelect: () => void applyLook({ language: 'pt-BR' }) },
    { label: t('english'), checked: () => language.peek() === 'en', onSelect: () => void applyLook({ language: 'en' }) },
  ], { align: 'end' });
  const looks = menu(iconButton({ icon: 'contrast', label: () => t('theme') }), () => [
    { label: t('theme_system'), icon: 'contrast', checked: () => themeNow() === 'system', onSelect: () => void applyLook({ theme: 'system' }) },
    { label: t('theme_light'), icon: 'sun', checked: () => themeNow() === 'light', onSelect: () => void applyLook({ theme: 'light' }) },
    { label: t('theme_dark'), icon: 'moon', checked: () => themeNow() === 'dark', onSelect: () => void applyLook({ theme: 'dark' }) },
  ], { align: 'end' });
  return h('div', { class: 'plain' },
    h('header', { class: 'plain-head' }, h('span', { class: 'logo' }, icon('logo')), h('span', { class: 'grow' }, t('app')), looks, languages),
    h('main', { id: 'content', tabindex: '-1' }, content));
}

const themeNow = () => document.documentElement.dataset.theme ?? 'system';

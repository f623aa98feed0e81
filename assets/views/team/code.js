// The one-time code, shown once, big enough to read aloud.
import { h } from '../../kernel/dom.js';
import { area, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { copyText } from '../../ui/copy.js';
import { dialog } from '../../ui/dialog.js';

const t = await area('team');

/** @param {{ name: string, email: string, code: string, expires_at: string | null }} options */
export function showCode({ name, email, code, expires_at }) {
  dialog({
    title: t('code_title', { name }), size: 'narrow',
    body: () => [
      h('p', null, t('code_text', { email })),
      h('p', { class: 'one-time-code' }, code),
      h('p', { class: 'muted' }, expires_at ? t('code_once', { date: fmt.dateTime(expires_at) }) : t('code_once_plain')),
    ],
    foot: (close) => [
      button({ label: t('code_copy'), icon: 'copy', onClick: () => void copyText(code) }),
      button({ label: t('code_done'), kind: 'primary', onClick: () => close() }),
    ],
  });
}

// The secret address of a new feed and its QR code, shown this once.
import { h } from '../../kernel/dom.js';
import { onDispose } from '../../kernel/signal.js';
import { area } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { copyText } from '../../ui/copy.js';
import { dialog } from '../../ui/dialog.js';

const t = await area('settings');

/** An SVG of the server is shown as a picture, never as part of the page. @param {string} svg */
function picture(svg) {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  onDispose(() => URL.revokeObjectURL(url));
  return h('img', { class: 'qr', src: url, alt: () => t('calendar_qr'), width: 208, height: 208 });
}

/** @param {{ name: string, url: string, qr_svg: string }} feed */
export function showAddress({ url, qr_svg }) {
  dialog({
    title: t('calendar_done_title'),
    body: () => [
      h('p', null, t('calendar_done_text')), h('div', { class: 'qr-box' }, picture(qr_svg)),
      h('div', { class: 'field' }, h('span', { class: 'label' }, t('calendar_url')), h('p', { class: 'secret' }, url)),
    ],
    foot: (close) => [
      button({ label: t('calendar_copy'), icon: 'copy', onClick: () => void copyText(url) }),
      button({ label: t('calendar_close'), kind: 'primary', onClick: () => close(), props: { autofocus: true } }),
    ],
  });
}

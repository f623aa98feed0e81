// Grey lines where content will be; shown only when it takes longer than 150 ms (by the style sheet).
import { h } from '../kernel/dom.js';
import { t } from '../i18n/index.js';

/** @param {{ lines?: number }} [options] */
export function skeleton({ lines = 4 } = {}) {
  const widths = ['92%', '76%', '84%', '60%'];
  return h('div', { class: 'skeleton', role: 'status', 'aria-label': () => t('loading') },
    Array.from({ length: lines }, (_, index) => h('span', { style: { width: widths[index % widths.length] } })));
}

// The end of a day on paper: the code to write down, and the check of one written down before.
import { h } from '../../kernel/dom.js';
import { signal } from '../../kernel/signal.js';
import { post } from '../../api/client.js';
import { dayOf, fmt } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { dateField } from '../../ui/date-field.js';
import { dialog } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { t } from './words.js';

/** @typedef {{ day: string, at: string, entries: number, number: number, code: string }} Closing */
/** @typedef {{ holds: boolean, closing: Closing | null }} Checked */

/** @param {() => void} onClosed */
export function openClosing(onClosed) {
  dialog({ title: t('closing'), body: () => [today(onClosed), h('hr'), check()] });
}

/** @param {() => void} onClosed */
function today(onClosed) {
  const closing = signal(/** @type {Closing | 'failed' | null} */ (null));
  const busy = signal(false);
  async function close() {
    busy.value = true;
    closing.value = await post('/api/audit/closing').catch(() => 'failed');
    busy.value = false;
    onClosed();
  }
  return h('section', { class: 'audit-closing' }, h('p', null, t('closing_text')),
    h('div', { role: 'status' }, () => {
      const now = closing.value;
      if (now === 'failed') return h('p', { class: 'note warn' }, icon('warning'), t('close_failed'));
      return now && [h('h3', null, t('closing_code', { day: fmt.date(now.day) })), h('p', { class: 'audit-code' }, now.code),
        h('p', { class: 'muted' }, t('closing_for', { entries: now.entries, number: now.number }))];
    }),
    h('div', { class: 'button-row' }, button({ label: t('close_day'), icon: 'key', kind: 'primary', disabled: () => busy.value, onClick: () => void close() })));
}

function check() {
  const checked = signal(/** @type {Checked | null} */ (null));
  const made = form({
    label: t('check_title'), submit: t('check_code'),
    body: h('div', { class: 'cols' },
      dateField({ name: 'day', label: t('check_day'), value: dayOf(), max: dayOf(), class: 'w5' }),
      field({ name: 'code', label: t('check_typed'), hint: t('check_hint'), class: 'w7', props: { autocomplete: 'off', spellcheck: 'false', maxlength: 20, class: 'input audit-typed' } })),
    onSubmit: async (values) => {
      checked.value = null;
      checked.value = await post('/api/audit/closing/check', values);
    },
  });
  return h('section', { class: 'audit-closing' }, h('h3', null, t('check_title')), h('div', { class: 'form-box' }, made.node),
    h('div', { role: 'status' }, () => checked.value && verdict(checked.value)));
}

/** @param {Checked} checked */
function verdict({ holds, closing }) {
  if (!holds) return h('div', { class: 'note bad' }, icon('error'), h('div', null, h('h4', null, t('check_wrong')), h('p', null, t('check_wrong_text'))));
  return h('div', { class: 'note ok' }, icon('ok'), h('div', null, h('h4', null, t('check_holds')), h('p', null, t('check_holds_text', { entries: closing?.entries ?? 0 }))));
}

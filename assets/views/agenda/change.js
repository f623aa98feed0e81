// Two small dialogs on one appointment: move it by date, time and professional, or cancel it with a reason.
import { h } from '../../kernel/dom.js';
import { instantOf } from '../../i18n/index.js';
import { dateField } from '../../ui/date-field.js';
import { dialog } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { timeField } from '../../ui/time-field.js';
import { t } from './card.js';
import { wallOf } from './model.js';

/** @typedef {import('./hands.js').Desktop} Desktop */
/** @typedef {import('./model.js').Appointment} Appointment */

/** @param {Desktop} desktop @param {Appointment} a */
export function askMove({ desk, acts }, a) {
  const wall = wallOf(desk.store.data.peek()?.time_zone ?? 'UTC', a.starts_at);
  dialog({
    title: t('move_title'), size: 'narrow',
    body: (close) => form({
      submit: t('move_submit'), onCancel: () => close(),
      body: [
        h('p', { class: 'muted' }, a.contact.display_name),
        h('div', { class: 'ag-row' }, dateField({ name: 'date', label: t('date'), value: wall.date, hint: '' }), timeField({ name: 'time', label: t('time'), value: wall.minute, step: desk.store.data.peek()?.slot_min ?? 30 })),
        field({ name: 'professional_id', label: t('professional'), type: 'select', value: a.professional_id, options: desk.people.peek().map((one) => ({ value: one.id, label: one.name })) }),
      ],
      onSubmit: async ({ date, time, professional_id }) => {
        close();
        await acts.move(a, { starts_at: instantOf(date, time), professional_id: Number(professional_id) }, { early: false });
      },
    }).node,
  });
}

/** @param {Desktop} desktop @param {Appointment} a */
export function askCancel({ acts }, a) {
  const by = [['cancelled_by_patient', t('cancel_patient')], ['cancelled_by_clinic', t('cancel_clinic')]].map(([value, label], index) =>
    h('label', { class: 'check' }, h('input', { type: 'radio', name: 'by', value, checked: index === 0 }), h('span', null, label)));
  const chosen = () => by.map((label) => /** @type {HTMLInputElement} */ (label.firstChild)).find((input) => input.checked)?.value ?? 'cancelled_by_patient';
  dialog({
    title: t('cancel_title'), size: 'narrow',
    body: (close) => form({
      submit: t('cancel_submit'), cancel: t('keep_as_was'), onCancel: () => close(),
      // The patient will ask why.
      check: ({ reason }) => (chosen() === 'cancelled_by_clinic' && !reason ? [{ pointer: '/reason', code: 'required' }] : []),
      body: [
        h('p', { class: 'muted' }, a.contact.display_name),
        h('fieldset', { class: 'field' }, h('legend', null, t('cancel_who')), by),
        field({ name: 'reason', label: t('reason'), hint: t('reason_hint'), quiet: true, props: { maxlength: 200, autocomplete: 'off' } }),
      ],
      onSubmit: async ({ reason }) => {
        const status = chosen();
        close();
        await acts.setStatus(a, /** @type {any} */ (status), { reason: reason ?? undefined, text: t('cancelled_toast', { name: a.contact.display_name }) });
      },
    }).node,
  });
}

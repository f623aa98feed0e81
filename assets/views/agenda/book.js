// The booking panel: who, with whom, when; prefilled with the next free time, checked while typing, nothing lost when refused.
import { h } from '../../kernel/dom.js';
import { computed, signal } from '../../kernel/signal.js';
import { get, patch } from '../../api/client.js';
import { fmt, instantOf } from '../../i18n/index.js';
import { button } from '../../ui/button.js';
import { dateField } from '../../ui/date-field.js';
import { checkbox, field, fieldOf } from '../../ui/field.js';
import { form } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { openPanel } from '../../ui/panel.js';
import { timeField } from '../../ui/time-field.js';
import { toast } from '../../ui/toast.js';
import { isConflict, whenWord } from './acts.js';
import { kindWord, spanWord, t, whyWord } from './card.js';
import { conflictBox } from './conflict.js';
import { clock, columnsOf, wallOf } from './model.js';
import { patientPicker } from './patient.js';
import { checkColumn, nextFree } from './places.js';

/** @typedef {import('./hands.js').Desktop} Desktop */
/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./model.js').Column} Column */
/** @typedef {{professional_id?: number, date?: string, minute?: number, exact?: boolean, duration_min?: number, contact_id?: number, appointment?: Appointment, kept?: Record<string, any>}} Preset */

const KINDS = ['visit', 'first_visit', 'return', 'evaluation', 'procedure', 'emergency'];

/** Days read besides the one shown, for as long as a panel needs them. @param {Desktop} desktop */
function createDays({ desk }) {
  /** @type {Map<string, Promise<import('./model.js').Agenda>>} */
  const read = new Map();
  /** @param {number} professionalId @param {string} date @returns {Promise<Column | null>} */
  return async (professionalId, date) => {
    const shown = desk.columns.peek()?.find((column) => column.key === professionalId + ':' + date);
    if (shown) return shown;
    const here = desk.store.data.peek();
    const loaded = here?.days === 1 && here.date === date;
    if (!loaded && !read.has(date)) read.set(date, get('/api/agenda', { date, days: 1 }));
    const data = loaded ? here : await /** @type {Promise<import('./model.js').Agenda>} */ (read.get(date));
    return columnsOf(data, { dates: [date], professionals: data.professionals.filter((person) => person.id === professionalId), cancelled: false })[0] ?? null;
  };
}

/** The first time that a new appointment may take. @param {Desktop} desktop @param {Preset} preset */
function firstFree({ desk }, preset) {
  const columns = (desk.columns.peek() ?? []).filter((column) => !preset.professional_id || column.professional.id === preset.professional_id);
  const slot = desk.store.data.peek()?.slot_min ?? 30;
  const now = desk.now.peek();
  const own = desk.who.peek()?.id;
  let best = /** @type {{column: Column, minute: number} | null} */ (null);
  for (const column of columns) {
    if (column.date < now.date || (preset.date && column.date !== preset.date)) continue;
    const from = Math.max(preset.minute ?? 0, column.date === now.date ? now.minute : 0);
    const minute = nextFree(column.free, from, preset.duration_min ?? slot, slot);
    if (minute === null) continue;
    const sooner = best === null || column.date < best.column.date || (column.date === best.column.date && minute < best.minute);
    if (sooner || (best?.minute === minute && column.professional.id === own)) best = { column, minute };
  }
  return best;
}

/** @param {Desktop} desktop @param {Preset} preset */
function startValues(desktop, preset) {
  const { desk } = desktop;
  const { appointment: a } = preset;
  const slot = desk.store.data.peek()?.slot_min ?? 30;
  if (a) {
    const wall = wallOf(desk.store.data.peek()?.time_zone ?? 'UTC', a.starts_at);
    return { professional_id: a.professional_id, date: wall.date, time: wall.minute, duration_min: a.duration_min, kind: a.kind, room_id: a.room_id, tag_id: a.tag_id, notes: a.notes, fit_in: a.fit_in };
  }
  const free = preset.exact ? null : firstFree(desktop, preset);
  const professional = preset.professional_id ?? free?.column.professional.id ?? desk.who.peek()?.id ?? null;
  return {
    professional_id: professional, date: preset.date ?? free?.column.date ?? desk.store.at.peek().date, time: preset.exact ? preset.minute ?? null : free?.minute ?? null,
    duration_min: preset.duration_min ?? slot, kind: 'visit', room_id: desk.person(professional ?? 0)?.room_id ?? null, tag_id: null, notes: null, fit_in: false, ...preset.kept,
  };
}

/** @param {Desktop} desktop @param {Preset} preset */
export async function openBooking(desktop, preset) {
  const { appointment } = preset;
  const first = preset.contact_id ? await get(`/api/contacts/${preset.contact_id}`).catch(() => null) : preset.kept?.found ?? null;
  const start = startValues(desktop, preset);
  let saved = false;
  /** @type {ReturnType<typeof bookingForm> | null} */
  let made = null;
  await openPanel({
    title: () => t(appointment ? 'edit_title' : 'book_title'), focus: 'none',
    body: (close) => {
      made = bookingForm(desktop, {
        start, first, appointment, onDone: () => {
          saved = true;
          void close({ force: true });
        }, onCancel: () => void close(),
      });
      return made.form.node;
    },
    onClose: () => {
      if (saved || !made?.form.isDirty()) return;
      const kept = { ...made.form.values(), found: made.found() };
      toast({ text: t('draft_dropped'), action: { label: t('draft_reopen'), onClick: () => void openBooking(desktop, { ...preset, contact_id: undefined, kept }) } });
    },
  });
  /** @type {HTMLElement | null} */ (document.querySelector(first || appointment ? '.panel [name="time"]' : '.panel [role="combobox"]'))?.focus();
}

/** @param {Desktop} desktop @param {{start: Record<string, any>, first: any, appointment?: Appointment, onDone: () => void, onCancel: () => void}} options */
function bookingForm(desktop, { start, first, appointment, onDone, onCancel }) {
  const { desk, acts } = desktop;
  const { store } = desk;
  let patient = { found: first, fresh: false };
  const kind = field({ name: 'kind', label: () => t('kind'), type: 'select', value: start.kind, options: () => KINDS.map((value) => ({ value, label: kindWord(value) })) });
  let kindTouched = Boolean(appointment);
  kind.addEventListener('change', () => (kindTouched = true));
  const person = field({
    name: 'professional_id', label: () => t('professional'), type: 'select', value: start.professional_id, onInput: (id) => {
      set(room, desk.person(Number(id))?.room_id ?? null);
      watch();
    }, options: () => desk.people.peek().map((one) => ({ value: one.id, label: one.name })),
  });
  const date = dateField({ name: 'date', label: () => t('date'), value: start.date, hint: '', onInput: watch });
  const time = timeField({ name: 'time', label: () => t('time'), value: start.time, step: store.data.peek()?.slot_min ?? 30, onInput: watch });
  const duration = field({ name: 'duration_min', label: () => t('duration'), type: 'number', value: start.duration_min, onInput: watch, props: { min: 5, max: 480, step: 5, inputmode: 'numeric' } });
  const room = field({ name: 'room_id', label: () => t('room'), type: 'select', quiet: true, value: start.room_id, emptyOption: () => t('no_room'), options: () => (store.data.peek()?.rooms ?? []).map((one) => ({ value: one.id, label: one.name })) });
  const tag = field({ name: 'tag_id', label: () => t('tag'), type: 'select', quiet: true, value: start.tag_id, emptyOption: () => t('no_tag'), options: () => (store.data.peek()?.tags ?? []).map((one) => ({ value: one.id, label: one.name })) });
  const notes = field({ name: 'notes', label: () => t('notes'), type: 'textarea', quiet: true, value: start.notes, props: { maxlength: 2000 } });
  const fitIn = desk.mayFitIn.peek() ? checkbox({ name: 'fit_in', label: () => t('fit_in'), hint: () => t('fit_in_hint'), value: start.fit_in, onInput: watch }) : null;
  const when = whenLine(desktop, { values: () => made.values(), put: (minute) => (set(time, minute), watch()), except: appointment?.id });

  const made = form({
    class: 'ag-form', submit: () => t(appointment ? 'save' : 'book_submit'), onCancel,
    body: [
      appointment ? h('div', { class: 'ag-picked' }, h('div', null, h('b', null, appointment.contact.display_name), h('small', null, t('patient')))) : patientPicker({
        start: first, onChange: (chosen) => {
          patient = chosen;
          if (!kindTouched) set(kind, chosen.fresh || (chosen.found && chosen.found.last_appointment_at === null) ? 'first_visit' : 'visit');
        },
      }),
      person, h('div', { class: 'ag-row' }, date, time), h('div', { class: 'ag-row' }, duration, kind), when.node, fitIn,
      h('details', { class: 'ag-more', open: Boolean(start.notes || start.tag_id) }, h('summary', null, icon('down', { size: 'small' }), () => t('more_fields')), h('div', { class: 'form' }, h('div', { class: 'ag-row' }, room, tag), notes)),
    ],
    onSubmit: async (values, { key }) => {
      const fields = { professional_id: values.professional_id, starts_at: instantOf(values.date, values.time), duration_min: values.duration_min, kind: values.kind, room_id: values.room_id, tag_id: values.tag_id, notes: values.notes, fit_in: values.fit_in ?? false };
      if (appointment) return saveEdit(desktop, appointment, fields, onDone);
      const who = patient.fresh ? { contact: { name: values.new_name, phone: values.new_phone } } : { contact_id: values.patient };
      const booked = await acts.create({ ...fields, ...who }, key);
      onDone();
      acts.offerUndo(t('booked_toast', { name: booked.contact.display_name, when: whenWord(booked.starts_at) }), () => acts.step(booked, 'cancelled_by_clinic', t('undo_reason')));
      desktop.grid.moveTo({ key: booked.professional_id + ':' + values.date, minute: values.time, id: booked.id });
    },
    explain: (error) => isConflict(error) ? conflictBox(error, store, { kept: true, near: made.values().date, choose: takeChoice }) : null,
    stale: appointment && { reload: onCancel, keep: async () => void store.put(await get(`/api/appointments/${appointment.id}`)) },
  });
  /** @param {import('./conflict.js').Choice} choice */
  function takeChoice(choice) {
    if (choice.starts_at) {
      const wall = wallOf(store.data.peek()?.time_zone ?? 'UTC', choice.starts_at);
      set(date, wall.date);
      set(time, wall.minute);
    }
    if (choice.force && fitIn) set(fitIn, true);
    watch();
    made.submit();
  }
  function watch() {
    void when.check();
  }
  watch();
  return { form: made, found: () => patient.found };
}

/** @param {HTMLElement} element @param {any} value */
const set = (element, value) => fieldOf(element)?.set(value);

/** @param {Desktop} desktop @param {Appointment} a @param {Record<string, any>} fields @param {() => void} onDone */
async function saveEdit({ desk, acts }, a, fields, onDone) {
  const now = desk.store.find(a.id) ?? a;
  const before = Object.fromEntries(Object.keys(fields).map((key) => [key, /** @type {any} */ (now)[key]]));
  const changed = Object.fromEntries(Object.entries(fields).filter(([key, value]) => (value ?? null) !== (before[key] ?? null)));
  if (!Object.keys(changed).length) return onDone();
  const fresh = await patch(`/api/appointments/${a.id}`, changed, now.version);
  desk.store.wrote();
  desk.store.put(fresh);
  onDone();
  acts.offerUndo(t('saved_toast', { name: a.contact.display_name }), () => acts.change(desk.store.find(a.id) ?? fresh, Object.fromEntries(Object.keys(changed).map((key) => [key, before[key]]))));
}

/** Says while typing whether the time is free, and offers the next ones. @param {Desktop} desktop @param {{values: () => Record<string, any>, put: (minute: number) => void, except?: number}} options */
function whenLine(desktop, { values, put, except }) {
  const { desk } = desktop;
  const columnFor = createDays(desktop);
  const column = signal(/** @type {Column | null} */ (null));
  const asked = signal(/** @type {{start: number, end: number} | null} */ (null));
  const length = signal(desk.store.data.peek()?.slot_min ?? 30);
  let turn = 0;
  async function check() {
    const mine = ++turn;
    const { professional_id: id, date, time, duration_min: asks } = values();
    const found = id && date ? await columnFor(Number(id), date).catch(() => null) : null;
    if (mine !== turn) return;
    column.value = found;
    if (asks) length.value = asks;
    asked.value = time === null || !asks ? null : { start: time, end: time + asks };
  }
  const verdict = computed(() => (column.value && asked.value ? checkColumn(column.value, asked.value, except) : null));
  const frees = computed(() => {
    if (!column.value || verdict.value?.ok) return [];
    const now = desk.now.value;
    /** @type {number[]} */
    const list = [];
    let from = Math.max(asked.value?.start ?? 0, column.value.date === now.date ? now.minute : 0);
    while (list.length < 3) {
      const next = nextFree(column.value.free, from, length.value, desk.store.data.value?.slot_min ?? 30);
      if (next === null) break;
      list.push(next);
      from = next + length.value;
    }
    return list;
  });
  const words = () => {
    const span = asked.value;
    if (!span && column.value && !frees.value.length) return t('when_none', { span: spanWord(length.value) });
    if (!span || !verdict.value) return null;
    const parts = { time: clock(span.start), end: clock(span.end) };
    return verdict.value.ok ? t('when_free', parts) : t('when_blocked', { ...parts, why: whyWord(verdict.value).toLocaleLowerCase() });
  };
  const node = h('div', { class: 'form' },
    h('p', { class: 'ag-when', role: 'status', 'data-ok': () => verdict.value && String(verdict.value.ok) }, () => verdict.value && icon(verdict.value.ok ? 'check' : 'warning', { size: 'small' }), words),
    () => frees.value.length > 0 && h('div', { class: 'ag-frees' }, h('span', null, t('next_free') + ':'), frees.value.map((minute) => button({ label: fmt.minutes(minute), small: true, onClick: () => put(minute) }))));
  return { node, check };
}


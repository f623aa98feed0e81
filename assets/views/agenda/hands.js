// Everything a person sets in motion on the agenda: by key, click or drag. Loaded at the first of them.
import { loadStyle } from '../../kernel/dom.js';
import { instantOf } from '../../i18n/index.js';
import { announce, toast } from '../../ui/toast.js';
import { createActs } from './acts.js';
import { t } from './card.js';
import { startDrag } from './drag.js';
import { wallOf } from './model.js';
import { checkColumn } from './places.js';

await loadStyle('agenda-more');

/** @typedef {import('./model.js').Appointment} Appointment */
/** @typedef {import('./grid.js').Cursor} Cursor */
/** @typedef {'Up' | 'Down' | 'Left' | 'Right'} Way */
/** @typedef {{desk: import('./state.js').Desk, grid: import('./grid.js').Grid, go: (change: Partial<import('./model.js').Place>) => Promise<unknown>, ctx: import('../../router.js').Context}} Reach */

const STEPS = /** @type {Record<Way, [number, number]>} */ ({ Up: [-1, 0], Down: [1, 0], Left: [0, -1], Right: [0, 1] });

/** @param {Reach} reach */
export function createHands(reach) {
  const { desk, grid, go } = reach;
  const { store } = desk;
  const acts = createActs(store);
  const all = { ...reach, acts };
  // Fetched while the line holds, so that booking opens at once and also without it; the printer key of the browser works too.
  const ahead = setTimeout(() => void Promise.all([import('./book.js'), import('./detail.js'), paper]).catch(() => {}), 300);
  const paper = import('./print.js').then((module) => module.watchPrint(desk)).then((end) => void ends.push(end));
  paper.catch(() => {});
  /** @type {(() => void)[]} */
  const ends = [() => clearTimeout(ahead)];
  const drag = startDrag(all, { book: (preset) => void hands.book(preset) });
  ends.push(drag.end);

  /** @param {number | null | undefined} [id] */
  const find = (id) => (id === null || id === undefined ? undefined : store.find(id));
  const slot = () => store.data.peek()?.slot_min ?? 30;

  /** @param {Cursor | null} at @returns {{professional_id: number, date: string} | null} */
  function columnOf(at) {
    const column = at && desk.columns.peek()?.find((one) => one.key === at.key);
    return column ? { professional_id: column.professional.id, date: column.date } : null;
  }

  /** The nearest place in a direction that is free; what is in the way is stepped over. @param {Appointment} a @param {number} by */
  function shifted(a, by) {
    const wall = wallOf(store.data.peek()?.time_zone ?? 'UTC', a.starts_at);
    const column = desk.columns.peek()?.find((one) => one.key === a.professional_id + ':' + wall.date);
    if (!column) return null;
    for (let start = wall.minute + by; start >= 0 && start + a.duration_min <= 1440; start += by) {
      if (checkColumn(column, { start, end: start + a.duration_min }, a.id).ok) return { starts_at: instantOf(wall.date, start) };
    }
    return null;
  }

  /** @param {Appointment} a @param {number} by */
  function beside(a, by) {
    const columns = desk.columns.peek() ?? [];
    const wall = wallOf(store.data.peek()?.time_zone ?? 'UTC', a.starts_at);
    const index = columns.findIndex((one) => one.key === a.professional_id + ':' + wall.date);
    const next = index < 0 ? undefined : columns[index + by];
    if (!next) return null;
    const { ok } = checkColumn(next, { start: wall.minute, end: wall.minute + a.duration_min }, a.id);
    return { fields: { professional_id: next.professional.id, starts_at: instantOf(next.date, wall.minute), ...roomFor(a, next.professional.id) }, ok };
  }

  /** The room follows the professional when it was that professional's own. @param {Appointment} a @param {number} professionalId */
  function roomFor(a, professionalId) {
    const from = desk.person(a.professional_id);
    const to = desk.person(professionalId);
    return a.room_id !== null && from && to && from.id !== to.id && a.room_id === from.room_id ? { room_id: to.room_id } : {};
  }

  const hands = {
    /** @param {any} [preset] a cursor of the grid, or what is known already */
    async book(preset) {
      if (!desk.mayEdit.peek()) return;
      const given = preset ?? (grid.board.contains(document.activeElement) ? grid.cursor() : null);
      const at = given?.key ? { ...columnOf(given), minute: given.minute, exact: given.id === undefined, duration_min: given.duration_min } : given ?? {};
      const { openBooking } = await import('./book.js');
      await openBooking(all, at);
    },
    /** @param {number} id */
    async open(id) {
      const a = find(id);
      if (a) await hands.openAny(a);
    },
    /** Also one of a day not on screen. @param {Appointment} a */
    async openAny(a) {
      const { openDetail } = await import('./detail.js');
      await openDetail(all, a);
    },
    /** @param {number} id @param {import('./model.js').Status} status */
    async quick(id, status) {
      const a = find(id);
      if (a) await acts.setStatus(a, status);
    },
    /** @param {Appointment} a @param {import('./model.js').Status} status */
    async stepTo(a, status) {
      // One key also takes a booked patient straight into care, over the step between.
      const waits = a.status === 'booked' || a.status === 'confirmed';
      const via = status === 'in_care' && waits ? 'arrived' : status === 'done' && a.status === 'arrived' ? 'in_care' : undefined;
      await acts.setStatus(a, status, { via });
    },
    /** @param {Appointment} a */
    cutOut(a) {
      desk.cut.value = a;
      toast({ text: t('cut_toast', { name: a.contact.display_name }) });
    },
    dropCut() {
      if (!desk.cut.peek()) return;
      desk.cut.value = null;
      announce(t('cut_cleared'));
    },
    async paste() {
      const a = desk.cut.peek();
      if (!a) return toast({ text: t('paste_nothing') });
      if (!store.data.peek()) await store.refresh();
      const to = pasteTarget(a);
      if (!to) return;
      desk.cut.value = null;
      const column = desk.columns.peek()?.find((one) => one.key === to.professional_id + ':' + to.date);
      const free = Boolean(column && checkColumn(column, { start: to.minute, end: to.minute + a.duration_min }, a.id).ok);
      await acts.move(a, { professional_id: to.professional_id, starts_at: instantOf(to.date, to.minute), ...roomFor(a, to.professional_id) }, { early: free });
      grid.moveTo({ key: to.professional_id + ':' + to.date, minute: to.minute, id: a.id }, { focus: document.querySelector('dialog[open]') === null });
    },
    /** @param {number} id @param {Way} way @param {boolean} fine */
    async nudge(id, way, fine) {
      const a = find(id);
      const [rows, columns] = STEPS[way];
      if (!a) return;
      if (columns) {
        const next = beside(a, columns);
        if (next) await acts.move(a, next.fields, { early: next.ok });
        return;
      }
      const to = shifted(a, rows * (fine ? 5 : slot()));
      if (to) await acts.move(a, to);
      else announce(t('no_room_there'));
    },
    /** @param {Way} way @param {boolean} jump */
    arrow(way, jump) {
      const at = nextCursor(grid, STEPS[way], jump);
      if (at) grid.moveTo(at);
    },
    /** @param {number} minute */
    edge(minute) {
      const key = grid.cursor()?.key;
      if (key) grid.moveTo({ key, minute });
    },
    /** @param {number} index */
    professional(index) {
      const columns = desk.columns.peek() ?? [];
      if (store.at.peek().view === 'day' && !desk.phone.peek()) {
        if (columns[index]) grid.moveTo({ key: columns[index].key, minute: grid.cursor()?.minute ?? desk.now.peek().minute });
        return;
      }
      const person = desk.people.peek()[index];
      if (!person) return;
      desk.chosen.value = person.id;
      void go({ professional: person.id });
    },
    undo: () => acts.undo(),
    async print() {
      await paper;
      window.print();
    },
    async askDate() {
      const { askDate } = await import('./goto.js');
      await askDate(all);
    },
    /** @param {HTMLElement} anchor */
    async options(anchor) {
      const { openOptions } = await import('./goto.js');
      openOptions(all, anchor, hands);
    },
    /** @param {HTMLElement} head */
    openHead(head) {
      const column = grid.columns().find((one) => one.head === head)?.column;
      if (!column) return;
      desk.chosen.value = column.professional.id;
      if (store.at.peek().view === 'week') void go({ view: 'day', date: column.date });
      else void go({ view: 'week', professional: column.professional.id });
    },
    /** @param {{event: PointerEvent, held: boolean}} press */
    press: (press) => press.held && drag.press(press.event),
    /** @param {HTMLElement} host */
    async showList(host) {
      const { mountList } = await import('./list.js');
      ends.push(mountList(all, host, hands));
    },
    /** @param {Appointment} a @param {import('./model.js').Status} status */
    set: (a, status) => acts.setStatus(a, status),
    end: () => ends.splice(0).forEach((end) => end()),
  };

  /** Where a cut appointment goes: the free time under the cursor, else its own hour on the day shown. @param {Appointment} a */
  function pasteTarget(a) {
    const place = store.at.peek();
    const wall = wallOf(store.data.peek()?.time_zone ?? 'UTC', a.starts_at);
    const at = grid.board.contains(document.activeElement) ? grid.cursor() : null;
    const column = at && desk.columns.peek()?.find((one) => one.key === at.key);
    if (!at || !column || at.id === a.id) return { professional_id: place.view === 'week' ? desk.who.peek()?.id ?? a.professional_id : a.professional_id, date: place.date, minute: wall.minute };
    const slotHere = column.slots.find((one) => one.start === at.minute);
    const keeps = slotHere && wall.minute > slotHere.start && wall.minute < slotHere.end && checkColumn(column, { start: wall.minute, end: wall.minute + a.duration_min }, a.id).ok;
    return { professional_id: column.professional.id, date: column.date, minute: keeps || at.id !== undefined && wall.date !== column.date ? wall.minute : at.minute };
  }

  return hands;
}

/** @typedef {ReturnType<typeof createHands>} Hands */
/** @typedef {Reach & {acts: import('./acts.js').Acts}} Desktop */

/** Where an arrow leads: over time within a column, at the same time across columns. @param {import('./grid.js').Grid} grid @param {[number, number]} step @param {boolean} jump over free time @returns {Cursor | null} */
function nextCursor(grid, [rows, across], jump) {
  const at = grid.cursor();
  if (!at) return null;
  if (rows) {
    const stops = grid.stops(at.key);
    const here = grid.nodeAt(at);
    let index = here ? stops.indexOf(here) : -1;
    do index += rows;
    while (jump && stops[index] && grid.cursorOf(stops[index])?.id === undefined);
    return stops[index] ? grid.cursorOf(stops[index]) : null;
  }
  const keys = grid.columns().map((column) => column.column.key);
  let index = keys.indexOf(at.key);
  do index += across;
  while (keys[index] !== undefined && !grid.stops(keys[index]).length);
  const node = keys[index] === undefined ? null : grid.nodeAt({ key: keys[index], minute: at.minute });
  return node ? grid.cursorOf(node) : null;
}


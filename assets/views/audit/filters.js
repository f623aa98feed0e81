// The filter bar: every change asks at once; the address holds what is asked for.
import { h } from '../../kernel/dom.js';
import { effect, signal } from '../../kernel/signal.js';
import { clinicPath, get } from '../../api/client.js';
import { button } from '../../ui/button.js';
import { dateField } from '../../ui/date-field.js';
import { field, fieldOf } from '../../ui/field.js';
import { ENTITIES, entityWord, t, VERBS, verbWord } from './words.js';

/** @typedef {import('./trail.js').Trail} Trail */

const OUTCOMES = /** @type {const} */ (['done', 'refused', 'failed']);

/** @param {Trail} trail */
export function filters(trail) {
  const people = signal(/** @type {{ value: number, label: string }[]} */ ([]));
  void get(clinicPath('/users/management')).then((answer) => {
    people.value = answer.items.map((/** @type {{ id: number, name: string }} */ one) => ({ value: one.id, label: one.name }));
  }, () => {});
  const asked = trail.wanted.peek();
  /** @param {keyof import('./trail.js').Wanted} name @param {any} value */
  const ask = (name, value) => {
    const text = value === null ? '' : String(value);
    if (text !== trail.wanted.peek()[name]) trail.ask({ [name]: text });
  };
  /** @param {'verb' | 'entity' | 'outcome'} name @param {() => string} label @param {() => string} emptyOption @param {{ value: string, label: () => string }[]} options */
  const choice = (name, label, emptyOption, options) => field({ name, label, type: 'select', quiet: true, emptyOption, options, value: asked[name], onInput: (value) => ask(name, value) });
  const fields = [
    dateField({ name: 'date_from', label: () => t('date_from'), quiet: true, value: asked.date_from, onInput: (day) => ask('date_from', day) }),
    dateField({ name: 'date_to', label: () => t('date_to'), quiet: true, value: asked.date_to, onInput: (day) => ask('date_to', day) }),
    person(people, trail, ask),
    choice('verb', () => t('act'), () => t('any_act'), VERBS.map((value) => ({ value, label: () => verbWord(value) }))),
    choice('entity', () => t('entity'), () => t('any_entity'), ENTITIES.map((value) => ({ value, label: () => entityWord(value) }))),
    field({ name: 'entity_id', label: () => t('entity_id'), type: 'number', quiet: true, value: asked.entity_id, props: { min: 1, inputmode: 'numeric' }, onInput: (value) => ask('entity_id', value > 0 ? value : null) }),
    choice('outcome', () => t('outcome'), () => t('any_outcome'), OUTCOMES.map((value) => ({ value, label: () => t(`outcome_${value}`) }))),
  ];
  effect(() => {
    const now = trail.wanted.value;
    // What was asked for elsewhere, as by the panel, stands in the fields too.
    for (const one of fields) {
      const handle = fieldOf(one);
      const name = /** @type {keyof import('./trail.js').Wanted | undefined} */ (handle?.name);
      if (handle && name && String(handle.get() ?? '') !== now[name]) handle.set(now[name] || null);
    }
  });
  return h('section', { class: 'audit-filters', role: 'search', 'aria-label': () => t('filters') }, fields,
    h('div', { class: 'button-row audit-clear' }, button({ label: () => t('clear_filters'), icon: 'close', kind: 'ghost', disabled: () => !trail.narrowed.value, onClick: trail.clear }),
      button({ label: () => t('refresh'), icon: 'refresh', onClick: () => void trail.load() })));
}

/** The team comes after the page; the choice made before stays. @param {import('../../kernel/signal.js').Signal<{ value: number, label: string }[]>} people @param {Trail} trail @param {(name: 'user_id', value: any) => void} ask */
function person(people, trail, ask) {
  const made = field({ name: 'user_id', label: () => t('person'), type: 'select', quiet: true, emptyOption: () => t('anyone'), options: () => people.peek(), onInput: (value) => ask('user_id', value) });
  const select = /** @type {HTMLSelectElement} */ (made.querySelector('select'));
  effect(() => {
    for (const one of people.value) select.append(h('option', { value: String(one.value) }, one.label));
    select.value = trail.wanted.peek().user_id;
  });
  return made;
}

// Builds the fields of the patient form from their descriptions.
import { h, uid } from '../../kernel/dom.js';
import { checkbox, field, fieldOf } from '../../ui/field.js';
import { fieldText } from '../../i18n/problems.js';
import { DEFAULTS, GROUPS } from './fields.js';
import { listField } from './list-field.js';
import { t, word } from './person-words.js';

/** @typedef {import('./fields.js').Field} Field */

/** @param {string} name @returns {() => string} */
export const labelOf = (name) => () => t(/** @type {'f_name'} */ (`f_${name}`));

/** @param {Field} spec @param {() => void} onInput @returns {HTMLElement} */
export function makeField(spec, onInput) {
  const { name, mask } = spec;
  const shared = { name, label: labelOf(name), class: spec.span ? `w${spec.span}` : undefined };
  if (spec.type === 'check') return checkbox({ ...shared, value: Boolean(/** @type {any} */ (DEFAULTS)[name]), onInput });
  if (spec.type === 'list') return listField({ ...shared, max: spec.max, onInput });
  const node = field({
    ...shared, type: spec.type, mask, optional: !spec.required, value: /** @type {any} */ (DEFAULTS)[name],
    hint: spec.hint ? () => t(/** @type {'h_phone'} */ (`h_${name}`)) : undefined,
    emptyOption: spec.empty ? () => t('not_informed') : undefined,
    options: spec.choices?.map((value) => ({ value, label: () => (spec.words ? word(spec.words, value) : value) })),
    props: { autocomplete: 'off', ...(spec.type === 'select' ? {} : { maxlength: roomFor(spec) }), ...spec.props },
    onInput: (value) => {
      // A number that is whole is judged at once, not only on leaving the field.
      const code = mask?.full && value && value.length >= mask.full ? mask.check(value) : null;
      if (code) fieldOf(node)?.setError(fieldText(code));
      onInput();
    },
  });
  return node;
}

/** Room for any punctuation people put into a number. @param {Field} spec */
const roomFor = (spec) => (spec.mask ? spec.max + 12 : spec.max);

/** The groups of the form; `after` gives what stands below the fields of a group.
 * @param {{ onInput: () => void, after: Record<string, { field: string, node: Node }[]> }} options */
export function formGroups({ onInput, after }) {
  return GROUPS.map(({ group, fields }) => {
    const id = uid('group-');
    const notes = after[group] ?? [];
    const cells = fields.flatMap((spec) => [makeField(spec, onInput), ...notes.filter((note) => note.field === spec.name).map((note) => note.node)]);
    return h('section', { class: 'form-group', 'aria-labelledby': id },
      h('div', { class: 'form-group-head' }, h('h2', { id }, () => t(/** @type {'group_care'} */ (`group_${group}`))), group === 'care' && h('p', { class: 'muted' }, () => t('group_care_text'))),
      h('div', { class: 'form-box' }, h('div', { class: 'cols' }, cells)));
  });
}

// Second step: what was understood of the file, column by column, and what would happen; nothing is written yet.
import { h } from '../../../kernel/dom.js';
import { button } from '../../../ui/button.js';
import { icon } from '../../../ui/icon.js';
import { fmt } from '../../../i18n/index.js';
import { t } from '../person-words.js';
import { failureNote } from './file-step.js';
import { columnName, delimiterName, fieldName, problemText } from './words.js';

/** @typedef {import('./flow.js').Check} Check */
/** @typedef {import('./flow.js').Flow} Flow */

/** @param {Flow} flow */
export function checkStep(flow) {
  const check = () => /** @type {Check} */ (flow.check.value);
  const waiting = () => flow.phase.value !== 'check';
  return h('div', { class: 'import-check', 'aria-busy': () => (waiting() ? 'true' : 'false') },
    h('div', { class: 'import-found' },
      h('div', null, h('strong', null, () => flow.file.value?.name),
        h('p', { class: 'muted' }, () => t('import_found', { rows: check().rows, delimiter: delimiterName(check().delimiter), encoding: check().encoding.toUpperCase() }))),
      button({ label: () => t('import_other_file'), small: true, onClick: flow.reset })),
    () => counts(check()),
    () => failureNote(flow),
    h('div', { class: 'form-actions' },
      button({
        label: () => (flow.phase.value === 'rechecking' ? t('import_checking') : t('import_start', { count: check().ready })),
        kind: 'primary', disabled: () => waiting() || !check().ready, onClick: () => void flow.start(),
      }),
      h('span', { class: 'muted' }, () => t(check().ready ? 'import_skipped' : 'import_nothing'))),
    h('section', { class: 'import-part' }, h('h2', null, () => t('import_mapping')), () => mapping(flow, check())),
    () => errorList(check()));
}

/** @param {Check} check */
function counts(check) {
  const one = (/** @type {'ready' | 'duplicates' | 'invalid'} */ key, /** @type {string} */ tone, /** @type {string} */ name) =>
    h('li', { class: check[key] ? tone : 'zero' }, icon(name), h('strong', null, fmt.number(check[key])), h('span', null, t(`import_${key}`, { count: check[key] })));
  return h('ul', { class: 'counts', 'aria-label': t('import_counts') }, one('ready', 'ok', 'ok'), one('duplicates', 'warn', 'copy'), one('invalid', 'bad', 'error'));
}

/** @param {Flow} flow @param {Check} check */
function mapping(flow, check) {
  const head = ['import_col_header', 'import_col_field', 'import_col_sample'].map((key) => h('th', { role: 'columnheader', scope: 'col' }, () => t(/** @type {any} */ (key))));
  return h('div', { class: 'table-box' }, h('table', { class: 'table mapping-table stack', role: 'table' },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
    h('tbody', { role: 'rowgroup' }, check.columns.map((column) => h('tr', { role: 'row', class: column.field ? '' : 'ignored' },
      h('th', { role: 'rowheader', scope: 'row' }, column.header),
      h('td', { role: 'cell' }, chooser(flow, check, column)),
      h('td', { role: 'cell', class: 'samples muted' }, column.sample.filter(Boolean).join(' · ') || t('nothing_here')))))));
}

/** @param {Flow} flow @param {Check} check @param {import('./flow.js').Column} column */
function chooser(flow, check, column) {
  const id = `map-${check.columns.indexOf(column)}`;
  return h('select', {
    class: 'input', id, value: column.field ?? '', 'aria-label': t('import_field_of', { header: column.header }),
    onChange: async (/** @type {Event} */ event) => {
      await flow.remap(column.header, /** @type {HTMLSelectElement} */ (event.target).value || null);
      // The table was drawn anew from the answer; the person stays where they were.
      document.getElementById(id)?.focus();
    },
  }, h('option', { value: '' }, t('import_ignore')), check.fields.map((field) => h('option', { value: field }, fieldName(field))));
}

/** @param {Check} check */
function errorList(check) {
  if (!check.errors.length) return null;
  const total = check.invalid + check.duplicates;
  const title = check.errors.length < total ? t('import_errors_first', { count: check.errors.length }) : t('import_errors', { count: check.errors.length });
  const head = /** @type {const} */ (['import_col_line', 'import_col_column', 'import_col_value', 'import_col_why']).map((key) => h('th', { role: 'columnheader', scope: 'col' }, t(key)));
  return h('section', { class: 'import-part' }, h('h2', null, title),
    h('div', { class: 'table-box error-box', role: 'region', 'aria-label': title, tabindex: '0' }, h('table', { class: 'table error-table', role: 'table' },
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, head)),
      h('tbody', { role: 'rowgroup' }, check.errors.map((error) => h('tr', { role: 'row' },
        h('td', { role: 'cell', class: 'line' }, String(error.line)),
        h('td', { role: 'cell' }, columnName(error, check.columns)),
        h('td', { role: 'cell', class: 'value' }, error.value ?? ''),
        h('td', { role: 'cell' }, problemText(error.code))))))));
}

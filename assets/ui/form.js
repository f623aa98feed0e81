// A form: checks every field at once, sends, maps the server's pointers back to fields, focuses the summary, loses nothing.
import { h } from '../kernel/dom.js';
import { signal } from '../kernel/signal.js';
import { ApiError, newKey } from '../api/client.js';
import { t } from '../i18n/index.js';
import { fieldText, problemText } from '../i18n/problems.js';
import { button } from './button.js';
import { confirm } from './dialog.js';
import { fieldsIn } from './field.js';
import { icon } from './icon.js';

/** @typedef {import('./field.js').FieldHandle} FieldHandle */
/** @typedef {{ title: string, items: { text: string, control: HTMLElement | null }[], node?: Node }} Summary */
/**
 * @typedef {object} Form
 * @property {HTMLFormElement} node
 * @property {() => Record<string, any>} values
 * @property {(values: Record<string, any>) => void} setValues fills the fields and takes them as unchanged
 * @property {() => boolean} isDirty
 * @property {() => void} keep takes what is typed as saved
 * @property {() => Promise<boolean>} mayLeave asks when something typed would be lost; give it to dialog or panel as mayClose
 * @property {() => void} submit
 * @property {(error: unknown) => void} fail shows a refusal
 */
/**
 * @typedef {object} FormOptions
 * @property {import('../kernel/dom.js').Children} body
 * @property {(values: Record<string, any>, extra: { key: string }) => Promise<any>} onSubmit `key` goes into Idempotency-Key
 * @property {string | (() => string)} [submit] the verb; 'Salvar' by default, null for no button
 * @property {string} [submitIcon]
 * @property {(() => void) | null} [onCancel]
 * @property {string | (() => string)} [cancel] the words of its button where 'Cancelar' would be mistaken
 * @property {import('../kernel/dom.js').Children} [actions] more buttons
 * @property {{ reload: () => void, keep: () => Promise<void> }} [stale] what to do after 412: `keep` reads the new version, then the form sends again
 * @property {(error: ApiError) => Node | string | null | undefined} [explain] words of the view's own for a refusal
 * @property {(values: Record<string, any>) => { pointer: string, code: string }[]} [check] rules over several fields
 * @property {string} [class]
 * @property {string | (() => string)} [label] accessible name
 */

/** What one form keeps while it lives. @typedef {{ node: HTMLFormElement, options: FormOptions, summary: import('../kernel/signal.js').Signal<Summary | null>, busy: import('../kernel/signal.js').Signal<boolean>, key: string, saved: string }} State */

/** @param {FormOptions} options @returns {Form} */
export function form(options) {
  const summary = signal(/** @type {Summary | null} */ (null));
  const busy = signal(false);
  const node = build(options, summary, busy);
  /** @type {State} */
  const state = { node, options, summary, busy, key: '', saved: '' };
  const values = () => collect(fieldsIn(node));
  const isDirty = () => JSON.stringify(values()) !== state.saved;
  keep(state);
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(state);
  });
  node.addEventListener('input', () => {
    state.key = '';
    node.toggleAttribute('data-dirty', isDirty());
  });
  return {
    node, values, isDirty,
    keep: () => keep(state),
    fail: (error) => fail(state, error),
    submit: () => void send(state),
    mayLeave: async () => !isDirty() || confirm({ title: t('unsaved_title'), text: t('unsaved_text'), action: t('unsaved_leave'), cancel: t('unsaved_stay'), danger: true }),
    setValues: (next) => {
      for (const handle of fieldsIn(node)) if (pick(next, handle.name) !== undefined) handle.set(pick(next, handle.name));
      summary.value = null;
      keep(state);
    },
  };
}

/** @param {FormOptions} options @param {State['summary']} summary @param {State['busy']} busy */
function build(options, summary, busy) {
  const waiting = () => (busy.value ? 'true' : null);
  return h('form', { class: ['form', options.class], novalidate: true, 'aria-label': options.label, 'aria-busy': waiting },
    () => summary.value && summaryBox(summary.value), options.body,
    h('div', { class: 'form-actions' },
      button({ label: options.submit ?? (() => t('save')), icon: options.submitIcon, kind: 'primary', type: 'submit', props: { 'aria-busy': waiting } }),
      options.onCancel && button({ label: options.cancel ?? (() => t('cancel')), onClick: options.onCancel }), options.actions));
}

/** @param {State} state */
function keep(state) {
  state.saved = JSON.stringify(collect(fieldsIn(state.node)));
  state.node.removeAttribute('data-dirty');
}

/** @param {State} state */
async function send(state) {
  const { node, options, summary, busy } = state;
  if (busy.peek()) return;
  const current = collect(fieldsIn(node));
  if (showProblems(node, [...ownProblems(node), ...(options.check?.(current) ?? [])], summary)) return;
  busy.value = true;
  state.key ||= newKey();
  try {
    await options.onSubmit(current, { key: state.key });
    state.key = '';
    keep(state);
  } catch (error) {
    fail(state, error);
  } finally {
    busy.value = false;
  }
}

/** @param {State} state @param {unknown} error */
function fail(state, error) {
  const { node, options, summary } = state;
  // After a refusal the next press is a new request; after a lost line it is the same one again.
  if (error instanceof ApiError && error.code !== 'offline') state.key = '';
  if (!(error instanceof ApiError)) console.error(error);
  else if (error.status === 422 && error.problem.errors && showProblems(node, error.problem.errors, summary)) return;
  else if (error.code === 'stale' && options.stale) {
    showStale(options.stale, state, () => void send(state));
    return;
  }
  const own = error instanceof ApiError ? options.explain?.(error) : null;
  summary.value = own instanceof Node ? { title: '', items: [], node: own } : { title: own || problemText(error), items: [] };
  focusSummary(node);
}

/** @param {Record<string, any>} values @param {string} name */
const pick = (values, name) => name.split('.').reduce((part, key) => part?.[key], /** @type {any} */ (values));

/** @param {FieldHandle[]} handles */
function collect(handles) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const handle of handles) {
    const path = handle.name.split('.');
    const last = /** @type {string} */ (path.pop());
    let into = values;
    for (const key of path) into = into[key] ??= {};
    into[last] = handle.get();
  }
  return values;
}

/** @param {HTMLElement} node */
function ownProblems(node) {
  return fieldsIn(node).flatMap((handle) => {
    const code = handle.check();
    return code ? [{ pointer: handle.pointer, code }] : [];
  });
}

/** Marks the fields, fills the summary and focuses it; true when there was something to mark. @param {HTMLElement} node @param {{ pointer: string, code: string }[]} problems @param {import('../kernel/signal.js').Signal<Summary | null>} summary */
function showProblems(node, problems, summary) {
  const handles = fieldsIn(node);
  for (const handle of handles) handle.setError(null);
  summary.value = null;
  if (!problems.length) return false;
  const items = problems.map(({ pointer, code }) => {
    const handle = handles.find((one) => one.pointer === pointer) ?? handles.find((one) => pointer.startsWith(one.pointer + '/'))
      ?? handles.find((one) => pointer && one.pointer.startsWith(pointer + '/'));
    handle?.setError(fieldText(code));
    return { text: handle ? `${handle.label()}: ${fieldText(code)}` : fieldText(code), control: handle?.control ?? null };
  });
  summary.value = { title: t('form_errors', { count: items.length }), items };
  focusSummary(node);
  return true;
}

/** @param {HTMLElement} node */
function focusSummary(node) {
  const box = node.querySelector('.summary');
  if (box instanceof HTMLElement) box.focus();
}

/** @param {Summary} summary */
function summaryBox({ title, items, node }) {
  return h('div', { class: 'summary', role: 'alert', tabindex: '-1' }, node ?? h('h3', null, title),
    items.length > 0 && h('ul', null, items.map(({ text, control }) => h('li', null, control
      ? h('a', { href: `#${control.id}`, onClick: (/** @type {Event} */ event) => {
        event.preventDefault();
        control.focus();
      } }, text) : text))));
}

/** @param {NonNullable<FormOptions['stale']>} stale @param {State} state @param {() => void} again */
function showStale(stale, { node, summary }, again) {
  const clear = () => void (summary.value = null);
  summary.value = {
    title: '', items: [],
    node: h('div', { class: 'form' }, h('h3', null, icon('warning', { size: 'small' }), t('stale_title')), h('p', null, t('stale_text')),
      h('div', { class: 'button-row' },
        button({ label: t('stale_reload'), onClick: () => { clear(); stale.reload(); } }),
        button({ label: t('stale_keep'), kind: 'primary', onClick: () => { clear(); void stale.keep().then(again, (error) => void (summary.value = { title: problemText(error), items: [] })); } }))),
  };
  focusSummary(node);
}

// What the sections share: loading with a skeleton and a retry, and asking before typed text is left behind.
import { h } from '../../kernel/dom.js';
import { onDispose, signal, untrack } from '../../kernel/signal.js';
import { onAct, onResync } from '../../api/events.js';
import { guardLeave } from '../../router.js';
import { skeleton } from '../../ui/skeleton.js';
import { message } from '../../shell/message.js';

/** @param {import('../../ui/form.js').Form} form */
export function guarded(form) {
  guardLeave(form.mayLeave);
  return form;
}

/**
 * Reads, then makes the content once; `again` reads and makes anew.
 * @template T @param {() => Promise<T>} read @param {(data: T, again: () => void) => import('../../kernel/dom.js').Child} make
 */
export function loaded(read, make) {
  const state = signal(/** @type {{ data: T } | 'loading' | 'failed'} */ ('loading'));
  const again = () => void read().then((data) => (state.value = { data }), () => (state.value = 'failed'));
  again();
  return h('div', { class: 'settings-body' }, () => {
    const now = state.value;
    if (now === 'loading') return skeleton();
    return now === 'failed' ? message('view_failed', again) : untrack(() => make(now.data, again));
  });
}

/**
 * A list that follows the server: `items` is null until the first answer.
 * @template T @param {() => Promise<{ items: T[] }>} read @param {string} entity
 */
export function liveList(read, entity) {
  const items = signal(/** @type {T[] | null} */ (null));
  const failed = signal(false);
  const load = () => read().then((answer) => {
    items.value = answer.items;
    failed.value = false;
  }, () => void (failed.value = true));
  void load();
  onDispose(onAct((act) => act.entity === entity && void load()));
  onDispose(onResync(() => void load()));
  const waiting = () => (items.value ? null : failed.value ? message('view_failed', () => void load()) : skeleton());
  return { items, load, waiting };
}

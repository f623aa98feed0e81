// Reactive values: signals, computed values and effects, with an owner tree so that a view disposes all it started.

/** @template T @typedef {{ value: T, peek(): T }} Signal */
/** @template T @typedef {{ readonly value: T, peek(): T }} ReadSignal */
/** @typedef {{ subs: Set<Watcher>, stamp: number, refresh?: () => void }} Source */
/** @typedef {{ deps: Map<Source, number>, state: 0 | 1 | 2, mark(state: 1 | 2): void }} Watcher */
/** @typedef {{ cleanups: (() => void)[] }} Scope */

/** @type {Watcher | null} */
let active = null;
/** @type {Scope | null} */
let owner = null;
let batching = 0;
/** @type {Set<() => void>} */
const queue = new Set();

/** @param {Source} source */
function track(source) {
  if (!active) return;
  active.deps.set(source, source.stamp);
  source.subs.add(active);
}

/** @param {Watcher} watcher */
function forget(watcher) {
  for (const source of watcher.deps.keys()) source.subs.delete(watcher);
  watcher.deps.clear();
}

/** True when one of the sources has really changed; only then is a watcher run again. @param {Watcher} watcher */
function stale(watcher) {
  if (watcher.state === 2) return true;
  for (const [source, stamp] of watcher.deps) {
    source.refresh?.();
    if (source.stamp !== stamp) return true;
  }
  return false;
}

function flush() {
  if (batching) return;
  batching++;
  try {
    let rounds = 0;
    while (queue.size) {
      if (++rounds > 100) throw new Error('effects keep changing what they read');
      const jobs = [...queue];
      queue.clear();
      for (const job of jobs) job();
    }
  } finally {
    batching--;
  }
}

/** Runs several writes as one change. @template T @param {() => T} fn @returns {T} */
export function batch(fn) {
  batching++;
  try {
    return fn();
  } finally {
    batching--;
    flush();
  }
}

/** @template T @param {T} initial @returns {Signal<T>} */
export function signal(initial) {
  let current = initial;
  /** @type {Source} */
  const source = { subs: new Set(), stamp: 0 };
  return {
    get value() {
      track(source);
      return current;
    },
    set value(next) {
      if (Object.is(next, current)) return;
      current = next;
      source.stamp++;
      for (const watcher of [...source.subs]) watcher.mark(2);
      flush();
    },
    peek: () => current,
  };
}

/** @template T @param {() => T} fn @returns {ReadSignal<T>} */
export function computed(fn) {
  /** @type {T} */
  let current;
  /** @type {Source & Watcher} */
  const node = {
    subs: new Set(), stamp: 0, deps: new Map(), state: 2,
    mark(state) {
      if (node.state >= state) return;
      const first = node.state === 0;
      node.state = state;
      if (first) for (const watcher of [...node.subs]) watcher.mark(1);
    },
    refresh() {
      if (node.state === 0) return;
      if (!stale(node)) {
        node.state = 0;
        return;
      }
      forget(node);
      node.state = 0;
      const next = watched(node, fn);
      if (!Object.is(next, current)) {
        current = next;
        node.stamp++;
      }
    },
  };
  onDispose(() => forget(node));
  const read = () => {
    node.refresh?.();
    return current;
  };
  return {
    get value() {
      const value = read();
      track(node);
      return value;
    },
    peek: read,
  };
}

/** @template T @param {Watcher | null} watcher @param {() => T} fn @returns {T} */
function watched(watcher, fn) {
  const before = active;
  active = watcher;
  try {
    return fn();
  } finally {
    active = before;
  }
}

/** Reads without subscribing. @template T @param {() => T} fn @returns {T} */
export const untrack = (fn) => watched(null, fn);

/** Runs now and again after each change of what it read; may return a clean-up. @param {() => void | (() => void)} fn @returns {() => void} */
export function effect(fn) {
  /** @type {Scope} */
  const scope = { cleanups: [] };
  let alive = true;
  /** @type {Watcher} */
  const node = {
    deps: new Map(), state: 2,
    mark(state) {
      if (node.state < state) node.state = state;
      queue.add(run);
    },
  };
  function run() {
    if (!alive || !stale(node)) {
      node.state = 0;
      return;
    }
    clean(scope);
    forget(node);
    node.state = 0;
    const cleanup = watched(node, () => within(scope, fn));
    if (typeof cleanup === 'function') scope.cleanups.push(cleanup);
  }
  run();
  const dispose = () => {
    alive = false;
    queue.delete(run);
    clean(scope);
    forget(node);
  };
  onDispose(dispose);
  return dispose;
}

/** @template T @param {Scope | null} scope @param {() => T} fn @returns {T} */
function within(scope, fn) {
  const before = owner;
  owner = scope;
  try {
    return fn();
  } finally {
    owner = before;
  }
}

/** @param {Scope} scope */
function clean(scope) {
  for (const cleanup of scope.cleanups.splice(0).reverse()) cleanup();
}

/** Registers a clean-up with the running effect, item or view. @param {() => void} fn */
export function onDispose(fn) {
  owner?.cleanups.push(fn);
}

/**
 * Runs `fn` in a scope of its own; `dispose` ends every effect made inside. The scope belongs to the running one, if any,
 * unless `detached`.
 * @template T @param {() => T} fn @param {{ detached?: boolean }} [options] @returns {{ value: T, dispose: () => void }}
 */
export function scope(fn, { detached = false } = {}) {
  /** @type {Scope} */
  const own = { cleanups: [] };
  const dispose = () => clean(own);
  if (!detached) onDispose(dispose);
  return { value: untrack(() => within(own, fn)), dispose };
}

// Builds elements: h() with reactive props and children, each() for keyed lists, loadStyle() for a view's own sheet.
import { batch, effect, onDispose, scope, signal, untrack } from './signal.js';

/** @typedef {Node | string | number | null | undefined | false | true} Leaf */
/** What may stand inside an element; a function is called again after each change. @typedef {Leaf | (() => any) | readonly Child[]} Child */
/** @typedef {Child} Children */
/** @typedef {Record<string, any>} Props */

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'use', 'path', 'g', 'circle', 'rect', 'line', 'polyline', 'text', 'title']);
// Set as properties: the attribute only holds the first value.
const AS_PROPERTY = new Set(['value', 'checked', 'indeterminate', 'selected', 'disabled', 'hidden', 'inert', 'open', 'textContent', 'scrollTop']);

/**
 * Makes an element. Props and children that are functions are reactive.
 * @type {{
 *   <K extends keyof HTMLElementTagNameMap>(tag: K, props?: Props | null, ...children: Child[]): HTMLElementTagNameMap[K],
 *   (tag: string, props?: Props | null, ...children: Child[]): HTMLElement,
 * }}
 */
export const h = (/** @type {string} */ tag, /** @type {Props | null | undefined} */ props, /** @type {Child[]} */ ...children) => {
  const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  // Children first, so that a select finds its options when its value is set.
  append(element, children);
  for (const [name, value] of Object.entries(props ?? {})) bind(element, name, value);
  return /** @type {any} */ (element);
};

/** Sets one prop now and, when it is a function, after each change. @param {Element} element @param {string} name @param {any} value */
export function bind(element, name, value) {
  if (name === 'ref') value(element);
  else if (name.startsWith('on')) listen(element, name.slice(2).toLowerCase(), value);
  else if (typeof value === 'function') effect(() => setProp(element, name, value()));
  else setProp(element, name, value);
}

/** @param {Element} element @param {string} type @param {any} listener */
function listen(element, type, listener) {
  if (listener) element.addEventListener(type, (event) => batch(() => listener.call(element, event)));
}

/** @param {any} element @param {string} name @param {any} value */
function setProp(element, name, value) {
  if (name === 'class') setClass(element, value);
  else if (name === 'dataset') for (const [key, part] of Object.entries(value)) bind(element, 'data-' + kebab(key), part);
  else if (name === 'style') for (const [key, part] of Object.entries(value)) bindStyle(element, key, part);
  else if (AS_PROPERTY.has(name) && name in element) {
    const next = value ?? (typeof element[name] === 'boolean' ? false : '');
    if (element[name] !== next) element[name] = next;
  } else if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? (name.startsWith('aria-') || name.startsWith('data-') ? 'true' : '') : String(value));
}

/** @param {string} name */
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());

/** @param {Element} element @param {string | Record<string, any> | (string | false | null | undefined)[] | null | undefined | false} value */
function setClass(element, value) {
  if (!value) element.removeAttribute('class');
  else if (typeof value === 'string') element.setAttribute('class', value);
  else if (Array.isArray(value)) element.setAttribute('class', value.filter(Boolean).join(' '));
  else for (const [name, on] of Object.entries(value)) {
    if (typeof on === 'function') effect(() => void element.classList.toggle(name, Boolean(on())));
    else element.classList.toggle(name, Boolean(on));
  }
}

/** Styles go through the CSSOM, which the content policy allows. @param {HTMLElement} element @param {string} name @param {any} value */
function bindStyle(element, name, value) {
  const set = (/** @type {any} */ next) => element.style.setProperty(name.startsWith('--') ? name : kebab(name), next === null || next === undefined ? '' : String(next));
  if (typeof value === 'function') effect(() => set(value()));
  else set(value);
}

/** @param {Node} parent @param {Child} children */
export function append(parent, children) {
  for (const child of /** @type {any[]} */ ([children]).flat(Infinity)) {
    if (typeof child === 'function') appendLive(parent, child);
    else if (isShown(child)) parent.appendChild(toNode(child));
  }
}

/** @param {any} leaf */
const isShown = (leaf) => leaf !== null && leaf !== undefined && leaf !== false && leaf !== true;

/** @param {any} leaf @returns {Node} */
const toNode = (leaf) => (leaf instanceof Node ? leaf : document.createTextNode(String(leaf)));

/** A child that is a function: what it returns stands between two marks and is replaced after each change. @param {Node} parent @param {() => any} make */
function appendLive(parent, make) {
  const start = parent.appendChild(document.createComment(''));
  const end = parent.appendChild(document.createComment(''));
  effect(() => {
    const leaves = [make()].flat(Infinity).filter((leaf) => typeof leaf === 'function' || isShown(leaf));
    const only = start.nextSibling;
    if (leaves.length === 1 && !(leaves[0] instanceof Node) && typeof leaves[0] !== 'function' && only instanceof Text && only.nextSibling === end) {
      only.data = String(leaves[0]);
      return;
    }
    const next = new Set(leaves.filter((leaf) => leaf instanceof Node));
    // A node that is returned again keeps its place in the page, and with it its focus and its scrolling.
    for (let node = start.nextSibling; node && node !== end;) {
      const after = node.nextSibling;
      if (!next.has(node)) node.parentNode?.removeChild(node);
      node = after;
    }
    settle(start, end, leaves);
  });
}

/** @param {ChildNode} start @param {ChildNode} end @param {any[]} leaves */
function settle(start, end, leaves) {
  let after = start.nextSibling;
  for (const leaf of leaves) {
    if (leaf === after && leaf !== end) {
      after = leaf.nextSibling;
      continue;
    }
    const part = document.createDocumentFragment();
    append(part, leaf);
    end.parentNode?.insertBefore(part, after);
  }
}

/**
 * Keeps the children of `host` equal to `items()`: `make` runs once a key and gets a signal of its item, so a changed item
 * changes only what reads it. The host holds nothing else.
 * @template T @template {Element} H
 * @param {H} host @param {() => readonly T[]} items @param {(item: T) => string | number} key
 * @param {(item: import('./signal.js').Signal<T>, key: string | number) => Element} make @returns {H}
 */
export function each(host, items, key, make) {
  /** @type {Map<string | number, { item: import('./signal.js').Signal<T>, node: Element, dispose: () => void }>} */
  let rows = new Map();
  effect(() => {
    const list = items();
    untrack(() => batch(() => {
      const next = new Map();
      for (const item of list) {
        const id = key(item);
        const row = rows.get(id) ?? startRow(item, id, make);
        row.item.value = item;
        next.set(id, row);
      }
      for (const [id, row] of rows) if (!next.has(id)) endRow(row);
      rows = next;
      arrange(host, [...next.values()].map((row) => row.node));
    }));
  });
  onDispose(() => rows.forEach((row) => row.dispose()));
  return host;
}

/** @template T @param {T} item @param {string | number} id @param {(item: import('./signal.js').Signal<T>, key: string | number) => Element} make */
function startRow(item, id, make) {
  const value = signal(item);
  const made = scope(() => make(value, id), { detached: true });
  return { item: value, node: made.value, dispose: made.dispose };
}

/** @param {{ node: Element, dispose: () => void }} row */
function endRow(row) {
  row.dispose();
  row.node.remove();
}

/** Puts nodes in order from the end, touching only those out of place; the focused node is never moved when it need not be. @param {Element} host @param {Element[]} nodes */
function arrange(host, nodes) {
  /** @type {ChildNode | null} */
  let after = null;
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    if (node.nextSibling !== after || node.parentNode !== host) host.insertBefore(node, after);
    after = node;
  }
}

/** @type {Map<string, Promise<void>>} */
const sheets = new Map();

/** Loads styles/<name>.css once; resolves when it applies, so a view never paints bare. @param {string} name @returns {Promise<void>} */
export function loadStyle(name) {
  const known = sheets.get(name);
  if (known) return known;
  const promise = new Promise((resolve) => {
    const link = h('link', { rel: 'stylesheet', href: new URL(`../styles/${name}.css`, import.meta.url).href });
    link.addEventListener('load', () => resolve(undefined));
    link.addEventListener('error', () => resolve(undefined));
    document.head.append(link);
  }).then(() => undefined);
  sheets.set(name, promise);
  return promise;
}

let lastId = 0;
/** A fresh id for labels and descriptions. @param {string} [prefix] */
export const uid = (prefix = 'i') => `${prefix}${++lastId}`;

/** @param {Node} parent @param {Child[]} children */
export function replace(parent, ...children) {
  parent.textContent = '';
  append(parent, children);
}

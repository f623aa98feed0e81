// A half-typed form outlives a reload of its tab: kept in sessionStorage until saved or given up.

/** @typedef {import('./fields.js').Values} Values */

/** @param {number} clinic @param {string} form "new" or the contact's id */
export function draftOf(clinic, form) {
  const key = `taskmed.contact.${clinic}.${form}`;
  /** Storage may be full or forbidden; a form works without its draft. @template T @param {() => T} act */
  const quietly = (act) => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  return {
    /** @returns {{values: Values, version: number | null} | null} */
    read: () => quietly(() => JSON.parse(sessionStorage.getItem(key) ?? 'null')),
    /** @param {Values} values @param {number | null} version */
    keep: (values, version) => quietly(() => sessionStorage.setItem(key, JSON.stringify({ values, version }))),
    drop: () => quietly(() => sessionStorage.removeItem(key)),
  };
}

// A half-typed form outlives a reload of its tab: kept in sessionStorage until saved or given up.

/** @typedef {{ values: Record<string, any>, version: number | null }} Draft */

/** Storage may be full or forbidden; a form works without its draft. @template T @param {() => T} act @returns {T | null} */
function quietly(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

/** @param {number} clinic @param {number} user @param {string} form "new" or the contact's id */
export function draftOf(clinic, user, form) {
  const key = `taskmed.contact.${clinic}.${user}.${form}`;
  return {
    /** @returns {Draft | null} */
    read: () => quietly(() => JSON.parse(sessionStorage.getItem(key) ?? 'null')),
    /** @param {Draft} draft */
    keep: (draft) => quietly(() => sessionStorage.setItem(key, JSON.stringify(draft))),
    drop: () => quietly(() => sessionStorage.removeItem(key)),
  };
}

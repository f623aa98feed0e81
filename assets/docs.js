// The search of the API reference: hides what does not have every typed word, and opens what an address points to.
const input = /** @type {HTMLInputElement | null} */ (document.getElementById('find'));
const none = document.getElementById('none');
const entries = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.docs-entry')]);
const texts = new Map(entries.map((entry) => [entry, fold(entry.textContent ?? '')]));

/** Upper and lower case and accents are one when searching. @param {string} text */
function fold(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function search() {
  const words = fold(input?.value ?? '').split(/\s+/).filter(Boolean);
  for (const entry of entries) entry.hidden = !words.every((word) => texts.get(entry)?.includes(word));
  for (const section of document.querySelectorAll('main section')) {
    const own = entries.filter((entry) => section.contains(entry));
    /** @type {HTMLElement} */ (section).hidden = own.length > 0 && own.every((entry) => entry.hidden);
  }
  if (none) none.textContent = entries.some((entry) => !entry.hidden) ? '' : none.dataset.words ?? '';
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

input?.addEventListener('input', search);
window.addEventListener('hashchange', openTarget);
openTarget();

export {};

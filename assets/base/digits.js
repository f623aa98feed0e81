// What every Brazilian number shares: its bare characters and weighted sums.

/** @param {string} text */
export const digitsOf = (text) => text.replace(/\D/g, '');

/** Letters and digits in capitals; what is left of a CNPJ without its punctuation.
 * @param {string} text */
export const alphanumericOf = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Sum of (character code - 48) times its weight: digits count as themselves, A as 17.
 * @param {string} text
 * @param {number[]} weights */
export function weightedSum(text, weights) {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) sum += (text.charCodeAt(i) - 48) * weights[i];
  return sum;
}

/** Weights going down by one, both ends included.
 * @param {number} from
 * @param {number} to */
export const countdown = (from, to) => Array.from({ length: from - to + 1 }, (_, i) => from - i);

/** Fills a pattern whose # are places, stopping where the characters end: "123" in "##/##" is "12/3".
 * @param {string} characters
 * @param {string} pattern */
export function fill(characters, pattern) {
  let out = '';
  let next = 0;
  for (const place of pattern) {
    if (next >= characters.length) break;
    out += place === '#' ? characters[next++] : place;
  }
  return out;
}

// How a search box understands what was typed: a name, a number or a date, and where it shows in a result.
import { digitsOf } from './digits.js';

/** Without accents and case, so that "joao" finds "João".
 * @param {string} text */
export const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** @param {string} text */
export const tidy = (text) => text.replace(/\s+/g, ' ').trim();

/** @param {string} text
 * @returns {'empty' | 'date' | 'number' | 'name'} */
export function kindOf(text) {
  const query = tidy(text);
  if (!query) return 'empty';
  if (/^\d{1,2}[/.-]\d{1,2}([/.-]\d{0,4})?$/.test(query)) return 'date';
  if (/^[+(]?\d[\d\s().+/-]*$/.test(query)) return 'number';
  return 'name';
}

/** Stretches of `text` that begin a word with a part of the query; [from, to) pairs in order, never overlapping.
 * @param {string} text @param {string} query
 * @returns {[number, number][]} */
export function matches(text, query) {
  const parts = fold(tidy(query)).split(' ').filter(Boolean).sort((a, b) => b.length - a.length);
  /** @type {[number, number][]} */
  const found = [];
  for (const word of text.matchAll(/[\p{L}\p{N}'-]+/gu)) {
    const part = parts.find((p) => fold(word[0]).startsWith(p));
    // Folding may shorten a decomposed name; a stretch is only marked where lengths agree.
    if (part && fold(word[0]).length === word[0].length) found.push([word.index, word.index + part.length]);
  }
  return found;
}

/** Whether a row already on screen may match, to narrow it while the server answers.
 * @param {{name: string, social_name?: string | null, cpf?: string | null, cns?: string | null, phone?: string | null}} row
 * @param {string} query */
export function mayMatch(row, query) {
  const kind = kindOf(query);
  if (kind === 'number') {
    const digits = digitsOf(query);
    return [row.cpf, row.cns, row.phone].some((value) => value && digitsOf(value).includes(digits));
  }
  if (kind !== 'name') return true;
  const words = fold(`${row.name} ${row.social_name ?? ''}`).split(/[^\p{L}\p{N}]+/u);
  return fold(tidy(query)).split(' ').every((part) => words.some((word) => word.startsWith(part)));
}

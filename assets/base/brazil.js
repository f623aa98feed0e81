// Brazilian identifiers: checks by their published rules, and the way people write them.
import { alphanumericOf, countdown, digitsOf, fill, weightedSum } from './digits.js';

const CPF_FIRST = countdown(10, 2);
const CPF_SECOND = countdown(11, 2);
const CNPJ_SECOND = [6, ...countdown(5, 2), ...countdown(9, 2)];
const CNPJ_FIRST = CNPJ_SECOND.slice(1);
const CNS_DEFINITIVE = countdown(15, 5);
const CNS_PROVISIONAL = countdown(15, 1);

/** The digit that closes a modulus 11 sum; 10 and 11 become 0.
 * @param {number} sum */
function checkDigit(sum) {
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

/** @param {string} text */
export function isCpf(text) {
  const cpf = digitsOf(text);
  if (cpf.length !== 11 || /^(\d)\1{10}$/.test(cpf)) return false;
  const first = checkDigit(weightedSum(cpf, CPF_FIRST));
  const second = checkDigit(weightedSum(cpf, CPF_SECOND));
  return cpf.endsWith(`${first}${second}`);
}

/** Numbers and, since July 2026, capital letters; the last two are always digits.
 * @param {string} text */
export function isCnpj(text) {
  const cnpj = text.replace(/[^A-Za-z0-9]/g, '');
  if (!/^[A-Z0-9]{12}\d{2}$/.test(cnpj) || /^0+$/.test(cnpj)) return false;
  const first = checkDigit(weightedSum(cnpj, CNPJ_FIRST));
  const second = checkDigit(weightedSum(cnpj, CNPJ_SECOND));
  return cnpj.endsWith(`${first}${second}`);
}

/** The suffix a definitive card gets from its first eleven digits.
 * @param {string} base */
function cnsSuffix(base) {
  const sum = weightedSum(base, CNS_DEFINITIVE);
  const digit = (/** @type {number} */ s) => (11 - (s % 11)) % 11;
  return digit(sum) === 10 ? `001${digit(sum + 2)}` : `000${digit(sum)}`;
}

/** Cartão Nacional de Saúde: 1 and 2 open definitive cards, 7 to 9 provisional ones.
 * @param {string} text */
export function isCns(text) {
  const cns = digitsOf(text);
  if (cns.length !== 15) return false;
  if (/^[12]/.test(cns)) return cns.slice(11) === cnsSuffix(cns.slice(0, 11));
  return /^[789]/.test(cns) && weightedSum(cns, CNS_PROVISIONAL) % 11 === 0;
}

/** @param {string} text */
export const isCep = (text) => /^\d{5}-?\d{3}$/.test(text.trim()) && digitsOf(text) !== '00000000';

const DDD = new Set(
  (
    '11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 51 53 54 55 ' +
    '61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 91 92 93 94 95 96 97 98 99'
  ).split(' '),
);

const FOREIGN = /^\s*\(?\+(?!\s*55)/;

/** A phone as it is kept: national digits, without +55 and without the trunk 0 people still dial; another country's with its +.
 * @param {string} text */
export function phoneDigits(text) {
  let digits = digitsOf(text);
  if (FOREIGN.test(text)) return `+${digits}`;
  if (digits.startsWith('55') && (digits.length > 11 || text.includes('+'))) digits = digits.slice(2);
  return digits.startsWith('0') ? digits.slice(1) : digits;
}

/** DDD that exists, then a 9-digit mobile or an 8-digit land line; or a number of another country.
 * @param {string} text */
export function isPhone(text) {
  const digits = phoneDigits(text);
  if (digits.startsWith('+')) return /^\+[1-9]\d{6,14}$/.test(digits);
  return DDD.has(digits.slice(0, 2)) && /^\d{2}(9\d{8}|[2-5]\d{7})$/.test(digits);
}

/** @param {string} text */
export const formatCpf = (text) => fill(digitsOf(text), '###.###.###-##');
/** @param {string} text */
export const formatCnpj = (text) => fill(alphanumericOf(text), '##.###.###/####-##');
/** @param {string} text */
export const formatCns = (text) => fill(digitsOf(text), '### #### #### ####');
/** @param {string} text */
export const formatCep = (text) => fill(digitsOf(text), '#####-###');

/** A number of another country is shown by its digits, what cannot be read as it was written.
 * @param {string} text */
export function formatPhone(text) {
  const digits = phoneDigits(text);
  if (digits.startsWith('+')) return digits;
  if (digits.length === 11) return fill(digits, '(##) #####-####');
  if (digits.length === 10) return fill(digits, '(##) ####-####');
  return text.trim();
}

/** A number as the whole world writes it.
 * @param {string} text */
export const e164 = (text) => (phoneDigits(text).startsWith('+') ? phoneDigits(text) : `+55${phoneDigits(text)}`);

/** Address that opens a conversation with this number.
 * @param {string} text */
export const whatsappUrl = (text) => `https://wa.me/${e164(text).slice(1)}`;

export const STATES = Object.freeze(
  'AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO'.split(' '),
);

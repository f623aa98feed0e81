// Brazilian numbers: formatted on leaving the field and on paste, cleaned before sending, checked by their own digits.

/** @typedef {{ format: (text: string) => string, clean: (text: string) => string, check: (clean: string) => string | null, inputmode?: string, hint?: string }} Mask */

/** @param {string} text */
export const digits = (text) => text.replace(/\D/g, '');

/** @param {number[]} values @param {number[]} weights */
const weigh = (values, weights) => weights.reduce((sum, weight, index) => sum + weight * values[index], 0);

/** @param {string} cpf */
export function validCpf(cpf) {
  if (!/^\d{11}$/.test(cpf) || /^(\d)\1+$/.test(cpf)) return false;
  const values = [...cpf].map(Number);
  const check = (/** @type {number} */ length) => ((weigh(values, Array.from({ length }, (_, i) => length + 1 - i)) * 10) % 11) % 10;
  return check(9) === values[9] && check(10) === values[10];
}

/** Letters count by their place in ASCII, as in the alphanumeric CNPJ. @param {string} cnpj */
export function validCnpj(cnpj) {
  if (!/^[0-9A-Z]{12}\d{2}$/.test(cnpj) || /^(.)\1+$/.test(cnpj)) return false;
  const values = [...cnpj].map((char) => char.charCodeAt(0) - 48);
  const weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  const check = (/** @type {number[]} */ used) => {
    const rest = weigh(values, used) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return check(weights.slice(1)) === values[12] && check(weights) === values[13];
}

/** @param {string} cns */
export function validCns(cns) {
  if (!/^[12789]\d{14}$/.test(cns)) return false;
  return weigh([...cns].map(Number), Array.from({ length: 15 }, (_, i) => 15 - i)) % 11 === 0;
}

/** Ten or eleven digits, or + and the digits of another country. @param {string} text */
function cleanPhone(text) {
  if (/^\s*\+(?!\s*55)/.test(text)) return '+' + digits(text);
  const number = digits(text).replace(/^0+/, '');
  return number.length > 11 && number.startsWith('55') ? number.slice(2) : number;
}

/** @param {string} text */
export function formatPhone(text) {
  const number = cleanPhone(text);
  const parts = /^(\d{2})(\d{4,5})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : text;
}

/** @param {string} text */
export const formatCpf = (text) => digits(text).replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4') || text;
/** @param {string} text */
export const formatCns = (text) => digits(text).replace(/^(\d{3})(\d{4})(\d{4})(\d{4})$/, '$1 $2 $3 $4') || text;
/** @param {string} text */
const cleanCnpj = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** @param {(clean: string) => boolean} valid @param {string} code */
const checker = (valid, code) => (/** @type {string} */ clean) => (clean === '' || valid(clean) ? null : code);

/** @type {Record<'cpf' | 'cnpj' | 'cns' | 'phone' | 'cep', Mask>} */
export const masks = {
  cpf: { format: formatCpf, clean: digits, check: checker(validCpf, 'invalid_cpf'), inputmode: 'numeric' },
  cnpj: {
    format: (text) => cleanCnpj(text).replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5'),
    clean: cleanCnpj, check: checker(validCnpj, 'invalid_cnpj'),
  },
  cns: { format: formatCns, clean: digits, check: checker(validCns, 'invalid_cns'), inputmode: 'numeric' },
  phone: {
    format: formatPhone, clean: cleanPhone, inputmode: 'tel',
    check: checker((clean) => /^([1-9][1-9](9\d{8}|[2-5]\d{7})|\+\d{7,15})$/.test(clean), 'invalid_phone'),
  },
  cep: {
    format: (text) => digits(text).replace(/^(\d{5})(\d{3})$/, '$1-$2'), clean: digits, inputmode: 'numeric',
    check: checker((clean) => /^\d{8}$/.test(clean), 'invalid_cep'),
  },
};

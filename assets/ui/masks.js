// What fields need of Brazilian numbers: written out on leaving the field and on paste, cleaned before sending, checked.
import { formatCep, formatCnpj, formatCns, formatCpf, formatPhone, isCep, isCnpj, isCns, isCpf, isPhone, phoneDigits } from '../base/brazil.js';
import { alphanumericOf, digitsOf } from '../base/digits.js';

export { formatCns, formatCpf, formatPhone };

/** @typedef {{ format: (text: string) => string, clean: (text: string) => string, check: (clean: string) => string | null, inputmode?: string, hint?: string }} Mask */

/** @param {(text: string) => boolean} valid @param {string} code @returns {(text: string) => string | null} */
const checker = (valid, code) => (text) => (text === '' || valid(text) ? null : code);

/** Only a number that is complete is written out; a half typed one stays as it is. @param {(text: string) => boolean} valid @param {(text: string) => string} format */
const whenValid = (valid, format) => (/** @type {string} */ text) => (valid(text) ? format(text) : text);

/** @type {Record<'cpf' | 'cnpj' | 'cns' | 'phone' | 'cep', Mask>} */
export const masks = {
  cpf: { format: whenValid(isCpf, formatCpf), clean: digitsOf, check: checker(isCpf, 'invalid_cpf'), inputmode: 'numeric' },
  cnpj: { format: whenValid(isCnpj, formatCnpj), clean: alphanumericOf, check: checker(isCnpj, 'invalid_cnpj') },
  cns: { format: whenValid(isCns, formatCns), clean: digitsOf, check: checker(isCns, 'invalid_cns'), inputmode: 'numeric' },
  phone: { format: whenValid(isPhone, formatPhone), clean: phoneDigits, check: checker(isPhone, 'invalid_phone'), inputmode: 'tel' },
  cep: { format: whenValid(isCep, formatCep), clean: digitsOf, check: checker(isCep, 'invalid_cep'), inputmode: 'numeric' },
};

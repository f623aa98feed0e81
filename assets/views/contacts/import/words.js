// The words an import needs beyond the dictionary: names of fields, of delimiters and of what went wrong in a line.
import { fieldText } from '../../../i18n/problems.js';
import { t } from '../person-words.js';

/** @param {string} key */
const known = (key) => {
  const text = t(/** @type {any} */ (key));
  return text === key ? null : text;
};

/** The server may name a field by its whole place (address.cep) or its last part (cep). @param {string} field */
export const fieldName = (field) =>
  known(`f_${field.replaceAll('/', '.').replace(/^\./, '')}`) ?? known(`f_address.${field.replace(/^address_/, '')}`) ?? known(`f_emergency_contact.${field.replace(/^emergency_(contact_)?/, '')}`) ?? field;

/** @param {string} code */
export const problemText = (code) => known(`ie_${code}`) ?? fieldText(code);

const DELIMITERS = /** @type {Record<string, string>} */ ({ ';': 'semicolon', ',': 'comma', '\t': 'tab', '|': 'pipe' });

/** @param {string} delimiter */
export const delimiterName = (delimiter) => known(`delimiter_${DELIMITERS[delimiter] ?? delimiter}`) ?? delimiter;

/** @param {import('./flow.js').LineError} error @param {import('./flow.js').Column[]} columns */
export function columnName(error, columns) {
  if (error.column === undefined || error.column === null || error.column === '') return t('import_row');
  if (typeof error.column === 'number') return columns[error.column - 1]?.header ?? String(error.column);
  return error.column;
}

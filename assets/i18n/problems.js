// Turns a refusal of the server into a sentence: what happened, what was kept, what to do.
import { ApiError } from '../api/client.js';
import { area } from './index.js';

const t = await area('errors');

/** @param {number} seconds */
export const waitText = (seconds) => (seconds < 90 ? t('wait_seconds', { count: Math.ceil(seconds) }) : t('wait_minutes', { count: Math.ceil(seconds / 60) }));

/** @param {unknown} error @returns {string} */
export function problemText(error) {
  if (!(error instanceof ApiError)) return t('problem_internal');
  const { code, problem } = error;
  if (code === 'too_many') return t('problem_too_many', { wait: waitText(problem.retry_after ?? 60) });
  const key = /** @type {any} */ (`problem_${code}`);
  const text = t(key);
  const known = text === key ? t(error.status >= 500 ? 'problem_internal' : 'problem_malformed') : text;
  return error.status === 500 && problem.request_id ? `${known} ${t('problem_internal_id', { id: problem.request_id })}` : known;
}

/** @param {string} code @returns {string} */
export function fieldText(code) {
  const key = /** @type {any} */ (`field_${code}`);
  const text = t(key);
  return text === key ? t('field_invalid') : text;
}

// Talks to the server: one request function, the clinic put into the address, every refusal an ApiError.

/** @typedef {{ pointer: string, code: string }} FieldProblem */
/** @typedef {{ type: string, title?: string, status: number, code: string, request_id?: string, errors?: FieldProblem[], [extra: string]: any }} Problem */
/** @typedef {{ body?: any, query?: Record<string, any>, version?: number, idempotencyKey?: string, signal?: AbortSignal, contentType?: string }} RequestOptions */

/** A refusal by the server, or code `offline` (status 0) when it could not be reached. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {Problem} problem */
  constructor(status, code, problem) {
    super(code);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.problem = problem;
  }
}

/** Without a touch for this long, what is asked is the screen's doing and keeps no session open. */
const PRESENCE_MS = 120_000;
let touched = Date.now();
for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, () => void (touched = Date.now()), { capture: true, passive: true });

/** Smaller differences are the way through the network and the header's whole seconds. */
const CLOCK_SLACK = 5000;

let clinicId = 0;
let ahead = 0;
/** @type {(error: ApiError) => void} */
let onRefusal = () => {};

/** @param {number} id */
export const setClinic = (id) => void (clinicId = id);

/** The address of something of the signed-in clinic: clinicPath('/rooms'). @param {string} [rest] */
export const clinicPath = (rest = '') => `/api/clinic/${clinicId}${rest}`;

/** Milliseconds by which the server's clock is ahead of this computer's: the clinic has one time at every desk. */
export const clockAhead = () => ahead;

/** Called on 401, so that the session can lock or end. @param {(error: ApiError) => void} fn */
export const watchRefusals = (fn) => void (onRefusal = fn);

/** @param {string} path */
function namesNoClinic(path) {
  if (path.startsWith('/api/auth/sessions')) return false;
  return /^\/api\/(setup|auth|clinic|observability\/health)\b/.test(path);
}

/** The full address with the clinic and the query; lists are joined by commas, empty values left out. @param {string} path @param {Record<string, any>} [query] */
export function address(path, query = {}) {
  const url = new URL(path, location.origin);
  if (clinicId && !namesNoClinic(path)) url.searchParams.set('clinic_id', String(clinicId));
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value));
  }
  return url.pathname + url.search;
}

/** @param {RequestOptions} options @returns {RequestInit} */
function init({ body, version, idempotencyKey, signal, contentType = 'application/json' }) {
  const headers = new Headers({ Accept: 'application/json' });
  if (Date.now() - touched > PRESENCE_MS) headers.set('X-TaskMed-Background', '1');
  if (body !== undefined) headers.set('Content-Type', contentType);
  if (version !== undefined) headers.set('If-Match', `"${version}"`);
  if (idempotencyKey) headers.set('Idempotency-Key', idempotencyKey);
  const payload = body === undefined || contentType !== 'application/json' ? body : JSON.stringify(body);
  return { headers, body: payload, signal, credentials: 'same-origin', cache: 'no-store' };
}

/** @param {string} method @param {string} path @param {RequestOptions} [options] @returns {Promise<any>} */
export async function request(method, path, options = {}) {
  const response = await reach(method, address(path, options.query), init(options));
  const text = await response.text();
  const json = /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
  const data = json && text ? JSON.parse(text) : text || null;
  if (response.ok) return data;
  const problem = /** @type {Problem} */ (json && data ? data : { type: '', title: 'internal', status: response.status, code: 'internal' });
  const wait = Number(response.headers.get('Retry-After'));
  if (wait && problem.retry_after === undefined) problem.retry_after = wait;
  const error = new ApiError(response.status, problem.code, problem);
  if (response.status === 401) onRefusal(error);
  throw error;
}

/** @param {string} method @param {string} url @param {RequestInit} options */
async function reach(method, url, options) {
  try {
    const response = await fetch(url, { ...options, method });
    const skew = Date.parse(response.headers.get('Date') ?? '') - Date.now();
    if (Math.abs(skew - ahead) > CLOCK_SLACK) ahead = Math.abs(skew) > CLOCK_SLACK ? skew : 0;
    return response;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'offline', { type: '', title: 'offline', status: 0, code: 'offline' });
  }
}

/** @param {string} path @param {Record<string, any>} [query] @param {RequestOptions} [options] */
export const get = (path, query, options) => request('GET', path, { ...options, query });
/** @param {string} path @param {any} [body] @param {RequestOptions} [options] */
export const post = (path, body = {}, options) => request('POST', path, { ...options, body });
/** @param {string} path @param {any} body @param {number} version @param {RequestOptions} [options] */
export const patch = (path, body, version, options) => request('PATCH', path, { ...options, body, version });
/** @param {string} path @param {number} [version] @param {RequestOptions} [options] */
export const del = (path, version, options) => request('DELETE', path, { ...options, version });

/** One key for one press of the button: send the same again after a lost line. */
export const newKey = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`);

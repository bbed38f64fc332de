import { DuctapeError } from './error.js';

/** The part of `fetch` this package uses. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/**
 * What `new Ductape({...})` takes. Every generation of the constructor works:
 * `{workspace_id, user_id, public_key, token, env_type}`,
 * `{workspace_id, user_id, private_key}` and `{accessKey, product?, env?}`.
 * The key is the first of `token`, `private_key`, `accessKey` and the
 * environment variable `DUCTAPE_KEY` that is not empty.
 */
export interface DuctapeOptions {
  /** The workspace; sent with every request as `Ductape-Workspace`. */
  workspace_id?: string;
  /** Accepted for older code; the key says who calls. */
  user_id?: string;
  /** Accepted for older code; never sent, as it is no credential. */
  public_key?: string;
  /** The key. */
  token?: string;
  /** The key. */
  private_key?: string;
  /** The key. */
  accessKey?: string;
  /** Accepted for older code; which environment runs is said by `env`. */
  env_type?: string;
  /** Product of calls that name none. */
  product?: string;
  /** Environment of calls that name none. */
  env?: string;
  /** Address of the server; else `DUCTAPE_URL`, else `http://127.0.0.1:4311`. */
  base_url?: string;
  /** Milliseconds to wait for an answer; no limit of its own when left out. */
  timeout_ms?: number;
  /** Used in place of the global `fetch`. */
  fetch?: FetchLike;
}

/** Where the server listens unless told otherwise. */
export const defaultURL = 'http://127.0.0.1:4311';

/** The constructor's options with every default filled in. */
export interface Settings {
  baseURL: string;
  key: string;
  workspace: string;
  product?: string;
  env?: string;
  timeoutMS?: number;
  fetch: FetchLike;
}

/** Fills in the defaults. A missing key is only told at the first call. */
export function settingsOf(options: DuctapeOptions): Settings {
  return {
    baseURL: checkURL(first(options.base_url, environment('DUCTAPE_URL')) || defaultURL),
    key: checkHeader('key', first(options.token, options.private_key, options.accessKey, environment('DUCTAPE_KEY'))),
    workspace: checkHeader('workspace_id', first(options.workspace_id)),
    product: first(options.product) || undefined,
    env: first(options.env) || undefined,
    timeoutMS: checkTimeout(options.timeout_ms),
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
  };
}

/** Checks a number of milliseconds; undefined means no limit. */
export function checkTimeout(ms: number | undefined): number | undefined {
  if (ms === undefined || (Number.isFinite(ms) && ms > 0)) return ms;
  throw new DuctapeError('invalid_input', `timeout_ms: ${ms} is not a number of milliseconds above 0`);
}

function first(...texts: (string | undefined)[]): string {
  return texts.map((text) => (text ?? '').trim()).find((text) => text !== '') ?? '';
}

function checkURL(text: string): string {
  const hint = `base_url (or DUCTAPE_URL) is the address of a Ductape server, such as ${defaultURL}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new DuctapeError('invalid_input', 'base_url is not a URL', { hint });
  }
  if (!/^https?:$/.test(url.protocol)) throw new DuctapeError('invalid_input', `base_url begins with ${url.protocol}, not http: or https:`, { hint });
  if (url.username || url.password || url.search || url.hash) throw new DuctapeError('invalid_input', 'base_url has a user, a query or a fragment', { hint });
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** Refuses what fetch would refuse too, without repeating the value as fetch does. */
function checkHeader(name: string, text: string): string {
  if (/^[\x21-\x7e]*$/.test(text)) return text;
  throw new DuctapeError('invalid_input', `${name} has a space, a control character or a character outside ASCII in it`, { hint: 'copy it again, without line breaks' });
}

/** Reads an environment variable where the runtime has them and lets us. */
function environment(name: string): string | undefined {
  try {
    return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name];
  } catch {
    return undefined;
  }
}

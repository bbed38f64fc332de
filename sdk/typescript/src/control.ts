import { ask, get, listed, queryOf } from './ask.js';
import type { RequestOptions } from './http.js';
import type { Settings } from './options.js';

/** One API: its environments, auths, variables and constants. Actions are listed apart. */
export interface App {
  tag: string;
  name?: string;
  description?: string;
  /** The API's own version, as its description states it. */
  version?: string;
  envs?: { slug: string; base_url: string; [more: string]: unknown }[];
  auths?: { tag: string; type: string; [more: string]: unknown }[];
  [more: string]: unknown;
}

/** A description to import, and how. */
export interface ImportSource {
  /** The description's text: OpenAPI, Swagger or Postman, JSON or YAML. Read from `location` when left out. */
  description?: string;
  /** File name of the description, or the URL to read it from. */
  location?: string;
  /** Texts of the further files it refers to, by location. */
  files?: Record<string, string>;
  /** Tag of the app; else taken from the description's title. */
  tag?: string;
  /** Replaces the app if there is one. */
  update?: boolean;
  /** Removes actions that are gone. */
  prune?: boolean;
  /** Only reports. */
  dry_run?: boolean;
  /** New hosts that may receive existing credentials. */
  accept_hosts?: string[];
}

/** What an import did. */
export interface ImportReport {
  /** Tag of the app. */
  app: string;
  /** `openapi`, `swagger` or `postman`. */
  format: string;
  /** The format's version. */
  version: string;
  /** How many actions the app has now. */
  actions: number;
  /** Tags that are no longer described; gone only with `prune`. */
  removed?: string[];
  /** What could not be carried over, and where it stood. */
  warnings?: { code: string; where: string; message: string }[];
  [more: string]: unknown;
}
/** Apps, as the server keeps them. */
export interface Apps {
  /** Lists the apps of the workspace. */
  list(options?: RequestOptions): Promise<App[]>;
  /** Finds one app; rejects with `unknown_app`. */
  get(tag: string, options?: RequestOptions): Promise<App>;
  /** Imports an API's own description as an app. */
  import(source: ImportSource, options?: RequestOptions): Promise<ImportReport>;
}

/** What the developer builds: environments and connections to apps. */
export interface Product {
  tag: string;
  name?: string;
  envs: { slug: string; name?: string; active?: boolean }[];
  apps?: { access_tag: string; app: string; [more: string]: unknown }[];
  caches?: { tag: string; name?: string; expiry: number }[];
  sessions?: { tag: string; name?: string; expiry: number; period: string; [more: string]: unknown }[];
  [more: string]: unknown;
}

/** Products, as the server keeps them. */
export interface Products {
  /** Lists the products of the workspace. */
  list(options?: RequestOptions): Promise<Product[]>;
  /** Finds one product; rejects with `unknown_product`. */
  get(tag: string, options?: RequestOptions): Promise<Product>;
}

/** What is kept of one run: never a secret, nor the bodies. */
export interface RunRecord {
  id: string;
  /** RFC 3339. */
  started_at: string;
  /** Microseconds, start to finish. */
  duration_us: number;
  product: string;
  env: string;
  app: string;
  event: string;
  method?: string;
  /** Without its query. */
  url?: string;
  /** `ok` or the error's code. */
  outcome: string;
  /** The step that failed. */
  step?: string;
  /** Why it failed, redacted. */
  message?: string;
  /** The API's last status. */
  status?: number;
  attempts: number;
  /** `hit`, `miss` or `none`. */
  cache: string;
  /** Id of the session it ran with. */
  session?: string;
  /** Hash of what identifies the session's user. */
  user?: string;
  [more: string]: unknown;
}

/** Narrows a listing of runs. */
export interface RunFilter {
  product?: string;
  env?: string;
  app?: string;
  event?: string;
  /** `ok`, a code, or `error` for all that failed. */
  outcome?: string;
  /** Id of a session. */
  session?: string;
  /** Whose session: what identifies the user, or its identifier as listings show it. */
  user?: string;
  /** Id of the run to begin before, for the next page. */
  before?: string;
  /** How many at most; the server's default is 50. */
  limit?: number;
}

/** What ran. */
export interface Runs {
  /** Lists runs, newest first. */
  list(filter?: RunFilter, options?: RequestOptions): Promise<RunRecord[]>;
  /** Finds one run; rejects with `not_found`. */
  get(id: string, options?: RequestOptions): Promise<RunRecord>;
}

/** Where a secret may be used. */
export interface SecretOptions extends RequestOptions {
  /** Access or app tags it may be used for; left out: all. */
  apps?: string[];
  /** Environments it may be used in; left out: all. */
  envs?: string[];
  /** When it ends, RFC 3339; left out: never. */
  expires_at?: string;
}

/** What may be known of a secret: never its value. */
export interface Secret {
  key: string;
  version: number;
  apps?: string[];
  envs?: string[];
  created_at: string;
  updated_at: string;
  expires_at?: string;
}

/** Secrets. Their values go in and never come back. */
export interface Secrets {
  /** Stores a value under a key, as its next version. */
  set(key: string, value: string, options?: SecretOptions): Promise<Secret>;
}

/** Binds apps to a server. */
export function appsOf(settings: Settings): Apps {
  return Object.freeze({
    list: async (options: RequestOptions = {}) => listed<App>(await get(settings, '/v1/apps', options)),
    get: async (tag: string, options: RequestOptions = {}) => (await get(settings, `/v1/apps/${encodeURIComponent(tag)}`, options)) as App,
    import: async (source: ImportSource, options: RequestOptions = {}) =>
      (await ask(settings, { ...options, method: 'POST', path: '/v1/apps/import', body: source })) as ImportReport,
  });
}

/** Binds products to a server. */
export function productsOf(settings: Settings): Products {
  return Object.freeze({
    list: async (options: RequestOptions = {}) => listed<Product>(await get(settings, '/v1/products', options)),
    get: async (tag: string, options: RequestOptions = {}) => (await get(settings, `/v1/products/${encodeURIComponent(tag)}`, options)) as Product,
  });
}

/** Binds run records to a server. */
export function runsOf(settings: Settings): Runs {
  return Object.freeze({
    list: async (filter: RunFilter = {}, options: RequestOptions = {}) => listed<RunRecord>(await get(settings, `/v1/runs${queryOf(filter)}`, options)),
    get: async (id: string, options: RequestOptions = {}) => (await get(settings, `/v1/runs/${encodeURIComponent(id)}`, options)) as RunRecord,
  });
}

/** Binds secrets to a server. */
export function secretsOf(settings: Settings): Secrets {
  return Object.freeze({
    set: async (key: string, value: string, { signal, timeout_ms, ...scope }: SecretOptions = {}) => {
      const body = { ...scope, value };
      return (await ask(settings, { method: 'PUT', path: `/v1/secrets/${encodeURIComponent(key)}`, body, signal, timeout_ms })) as Secret;
    },
  });
}

import type { RequestOptions } from './http.js';

/** The structured form of a call's input. Left out, `null` and `{}` mean the same. */
export interface IActionRequest {
  /** URL query parameters. */
  query?: Record<string, unknown>;
  /** Route parameters. */
  params?: Record<string, unknown>;
  /** Request body data. */
  body?: Record<string, unknown>;
  /** HTTP request headers. */
  headers?: Record<string, unknown>;
}

/** A session whose data fills the `$Session` references of a call. */
export interface ISession {
  /** Tag of the session type. */
  tag: string;
  /** The session's token, as `sessions.start` gave it. */
  token: string;
}

/**
 * One call: which action to run, where, and with what.
 *
 * `product` and `product_tag` are one field, and so are `event` and `action`.
 * `env` and `product` may be left out where the constructor was given them.
 */
export interface IActionProcessorInput {
  /** Environment of the product: `dev`, `prd`. */
  env?: string;
  /** Tag of the product. */
  product?: string;
  /** Tag of the product, by its older name. */
  product_tag?: string;
  /** Access tag of the connected app. */
  app: string;
  /** Tag of the action. */
  event?: string;
  /** Tag of the action, by its other name. */
  action?: string;
  /**
   * What to send. An object whose keys are only `query`, `params`, `body` and
   * `headers` is structured; any other is flat, and each key goes where the
   * action's description has it.
   */
  input?: IActionRequest | object;
  /** Tag of a cache of the product, to keep the answer in. */
  cache?: string;
  /** Attempts after the first, made by the server. */
  retries?: number;
  /** Whose data fills `$Session` references: `{tag, token}` or `tag:token`. */
  session?: ISession | string;
  /** Makes a POST or PATCH safe to repeat, where the API takes such a key. */
  idempotency_key?: string;
  /** Milliseconds for the whole run, kept by the server. This client waits 5 seconds longer. */
  timeout_ms?: number;
}

/** How to make a call. */
export interface RunOptions extends RequestOptions {
  /** Sends nothing to the API and resolves to the request that would go out. */
  dry_run?: boolean;
}

/** The request that a call would send, secrets masked. */
export interface DryRun {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** As it would go out; `[n bytes]` where it is not text. */
  body?: string;
  /** Where each part came from: `{part: 'query.limit', from: 'input.query.limit'}`. */
  origins?: { part: string; from: string }[];
  [more: string]: unknown;
}

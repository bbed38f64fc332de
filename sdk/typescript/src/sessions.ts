import { ask, get, listed, queryOf } from './ask.js';
import type { RequestOptions } from './http.js';
import { either } from './names.js';
import type { Settings } from './options.js';

/** Which session type is meant. `product` and `env` may be left out where the constructor was given them. */
export interface SessionScope {
  /** Tag of the product. */
  product?: string;
  /** Tag of the product, by its older name. */
  product_tag?: string;
  /** Environment of the product. */
  env?: string;
  /** Tag of the session type. */
  tag: string;
}

/** A new session. */
export interface StartedSession {
  /** What runs carry: `session: { tag, token }`. */
  token: string;
  /** Renews the session; absent where its type allows none. */
  refreshToken?: string;
  /** Names the session, for revoking it and in run records. */
  sessionId: string;
  /** When the token expires, RFC 3339. */
  expiresAt: string;
}

/** A session whose token was good. */
export interface VerifiedSession {
  sessionId: string;
  /** Tag of the session type. */
  tag: string;
  /** RFC 3339. */
  expiresAt: string;
  /** The user's data, as `start` was given it. */
  data: Record<string, unknown>;
}

/** Which token is meant. The tag may be left out where the token says it, as `tag:token`. */
export type SessionToken = Omit<SessionScope, 'tag'> & { tag?: string; token: string };

/** Narrows a listing of sessions or users. */
export interface SessionFilter {
  product?: string;
  env?: string;
  /** Tag of the session type. */
  tag?: string;
  /** What identifies the user, the selector's value, or its identifier as listings show it. */
  identifier?: string;
  /** The `sessionId`, or of users the `identifier`, of the last of the page you have. */
  before?: string;
  /** How many at most; the server's default is 50. */
  limit?: number;
}

/** What may be known of a session: never its data or its tokens. */
export interface SessionInfo {
  sessionId: string;
  product: string;
  env: string;
  /** Tag of the session type. */
  tag: string;
  /** Hash of what identifies the user; absent where the type has no selector. */
  identifier?: string;
  state: 'active' | 'expired' | 'revoked';
  /** RFC 3339, as all times here. */
  startedAt: string;
  /** Last start or refresh. */
  seenAt: string;
  expiresAt: string;
  /** Until when it can be refreshed; absent where it cannot. */
  refreshBy?: string;
  revokedAt?: string;
}

/** What is known of all sessions of one user. */
export interface SessionUser {
  /** Hash of what identifies the user. */
  identifier: string;
  /** How many there were. */
  sessions: number;
  active: number;
  firstAt: string;
  /** Last start or refresh. */
  seenAt: string;
}

/** How many sessions there are, and what happened to them. Each ends once: revoked, or expired. */
export interface SessionStats {
  /** How many are active now. */
  active: number;
  started: number;
  expired: number;
  revoked: number;
  /** Days of UTC, oldest first, the last one today; `active` is at the day's end. */
  days: { day: string; started: number; expired: number; revoked: number; active: number }[];
}

/** Sessions: tokens that carry a user's data into runs. */
export interface Sessions {
  /** Starts a session that holds `data`, which no one can read without the server. */
  start(session: SessionScope & { data: object }, options?: RequestOptions): Promise<StartedSession>;
  /** Checks a token and reads its data; rejects with `session_invalid`, `session_expired` or `session_revoked`. */
  verify(session: SessionToken, options?: RequestOptions): Promise<VerifiedSession>;
  /** Checks a token as `verify` does, and resolves to its data alone. */
  decrypt<T = Record<string, unknown>>(session: SessionToken, options?: RequestOptions): Promise<T>;
  /** Renews a session. The old refresh token is spent: keep the new one. */
  refresh(session: SessionScope & { refreshToken: string }, options?: RequestOptions): Promise<StartedSession>;
  /** Ends one session by its id, or all sessions of a user by `identifier`, the selector's value. Says how many it ended. */
  revoke(which: { sessionId: string } | { identifier: string }, options?: RequestOptions): Promise<{ revoked: number }>;
  /** Lists sessions, newest first: the active ones or, with `ended`, all. With `identifier`, a user's history. */
  list(filter?: SessionFilter & { ended?: boolean }, options?: RequestOptions): Promise<SessionInfo[]>;
  /** Lists who had sessions, last seen first. */
  users(filter?: SessionFilter, options?: RequestOptions): Promise<SessionUser[]>;
  /** Counts sessions by day, over the last 30 `days` unless it says otherwise. */
  stats(filter?: { product?: string; env?: string; tag?: string; days?: number }, options?: RequestOptions): Promise<SessionStats>;
}

/** Binds sessions to a server. */
export function sessionsOf(settings: Settings): Sessions {
  const post = (verb: string, body: object, options: RequestOptions = {}): Promise<unknown> =>
    ask(settings, { ...options, method: 'POST', path: `/v1/sessions/${verb}`, body });
  const read = (path: string, filter: object = {}, options: RequestOptions = {}) => get(settings, `/v1/sessions${path}${queryOf(filter)}`, options);
  const within = (verb: string) => async (session: Omit<SessionScope, 'tag'>, options?: RequestOptions) => {
    const { product: _product, product_tag: _tag, env, ...rest } = session;
    const product = either(session, 'product', 'product_tag') || settings.product;
    return (await post(verb, { product, env: env || settings.env, ...rest }, options)) as any;
  };
  return Object.freeze({
    start: within('start'),
    verify: within('verify'),
    decrypt: within('decrypt'),
    refresh: within('refresh'),
    revoke: async (which: object, options?: RequestOptions) => (await post('revoke', which, options)) as { revoked: number },
    list: async (filter?: object, options?: RequestOptions) => listed<SessionInfo>(await read('', filter, options)),
    users: async (filter?: object, options?: RequestOptions) => listed<SessionUser>(await read('/users', filter, options)),
    stats: async (filter?: object, options?: RequestOptions) => (await read('/stats', filter, options)) as SessionStats,
  });
}

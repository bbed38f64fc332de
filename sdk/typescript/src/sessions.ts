import { send, type RequestOptions } from './http.js';
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

/** Sessions: tokens that carry a user's data into runs. */
export interface Sessions {
  /** Starts a session that holds `data`, which no one can read without the server. */
  start(session: SessionScope & { data: object }, options?: RequestOptions): Promise<StartedSession>;
  /** Checks a token and reads its data; rejects with `session_invalid`, `session_expired` or `session_revoked`. */
  verify(session: SessionScope & { token: string }, options?: RequestOptions): Promise<VerifiedSession>;
  /** Renews a session. The old refresh token is spent: keep the new one. */
  refresh(session: SessionScope & { refreshToken: string }, options?: RequestOptions): Promise<StartedSession>;
  /** Ends one session by its id, or all sessions of a user by `identifier`, the selector's value. Says how many it ended. */
  revoke(which: { sessionId: string } | { identifier: string }, options?: RequestOptions): Promise<{ revoked: number }>;
}

/** Binds sessions to a server. */
export function sessionsOf(settings: Settings): Sessions {
  const ask = async (verb: string, body: object, options: RequestOptions = {}): Promise<unknown> =>
    (await send(settings, { ...options, method: 'POST', path: `/v1/sessions/${verb}`, body })).output();
  const within = (verb: string) => async (session: SessionScope, options?: RequestOptions) => {
    const { product: _product, product_tag: _tag, env, ...rest } = session;
    const product = either(session, 'product', 'product_tag') || settings.product;
    return (await ask(verb, { product, env: env || settings.env, ...rest }, options)) as any;
  };
  return Object.freeze({
    start: within('start'),
    verify: within('verify'),
    refresh: within('refresh'),
    revoke: async (which: object, options?: RequestOptions) => (await ask('revoke', which, options)) as { revoked: number },
  });
}

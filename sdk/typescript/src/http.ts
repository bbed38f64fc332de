import { Answer, type RunFailure } from './answer.js';
import { Deadline } from './deadline.js';
import { DuctapeError, errorOfAnswer } from './error.js';
import { writeJSON } from './json.js';
import type { Settings } from './options.js';

/** What may be said about one request, besides what it asks. */
export interface RequestOptions {
  /** Cancels the request. */
  signal?: AbortSignal;
  /** Milliseconds this client waits, in place of the constructor's. */
  timeout_ms?: number;
}

/** One request to the server. */
export interface Request extends RequestOptions {
  method: 'GET' | 'POST' | 'PUT';
  /** Path with its query: `/v1/apps`. */
  path: string;
  /** Written as JSON; undefined sends none. */
  body?: unknown;
}

/**
 * Sends one request, once: retries are the server's work. It resolves to a
 * successful answer whose body is not yet read, and rejects with DuctapeError.
 */
export async function send(settings: Settings, request: Request): Promise<Answer> {
  const init: RequestInit = { method: request.method, headers: headersOf(settings, request), redirect: 'manual' };
  if (request.body !== undefined) init.body = await writeJSON(request.body);
  const deadline = new Deadline(request.signal, request.timeout_ms ?? settings.timeoutMS);
  try {
    const response = await exchange(settings, request.path, { ...init, signal: deadline.signal }, deadline);
    const answer = new Answer(response, deadline, (runId) => failureOf(settings, runId));
    if (response.ok) return answer;
    throw errorOfAnswer(response, await answer.text());
  } catch (err) {
    deadline.end();
    throw err;
  }
}

/** Milliseconds to ask why an answer broke off. */
const askWhyMS = 5000;

async function failureOf(settings: Settings, runId: string): Promise<RunFailure | undefined> {
  const deadline = new Deadline(undefined, askWhyMS);
  try {
    const request: Request = { method: 'GET', path: `/v1/runs/${encodeURIComponent(runId)}` };
    const response = await settings.fetch(settings.baseURL + request.path, { method: request.method, headers: headersOf(settings, request), redirect: 'manual', signal: deadline.signal });
    const record = (await response.json()) as { outcome?: unknown; step?: unknown } | null;
    if (!response.ok || typeof record?.outcome !== 'string' || record.outcome === '' || record.outcome === 'ok') return undefined;
    return { code: record.outcome, step: typeof record.step === 'string' ? record.step : undefined };
  } catch {
    return undefined; // the first failure is the one to tell
  } finally {
    deadline.end();
  }
}

function headersOf(settings: Settings, request: Request): Record<string, string> {
  if (settings.key === '') {
    throw new DuctapeError('unauthenticated', 'no key to call the server with', {
      hint: 'give the constructor a token, private_key or accessKey, or set DUCTAPE_KEY; `ductape keys create` makes one',
    });
  }
  const headers: Record<string, string> = { accept: '*/*', authorization: `Bearer ${settings.key}` };
  if (settings.workspace !== '') headers['ductape-workspace'] = settings.workspace;
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  return headers;
}

async function exchange(settings: Settings, path: string, init: RequestInit, deadline: Deadline): Promise<Response> {
  try {
    return await settings.fetch(settings.baseURL + path, init);
  } catch (err) {
    if (deadline.error) throw deadline.error;
    throw new DuctapeError('server_unreachable', `no answer from the Ductape server at ${settings.baseURL}: ${reasonOf(err)}`, {
      hint: 'start one with `ductape serve`, or set base_url (or DUCTAPE_URL) to where it listens',
      cause: err,
    });
  }
}

/** fetch says "fetch failed" and keeps the reason in the causes. */
function reasonOf(err: unknown): string {
  let reason = err;
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause;
  if (!(reason instanceof Error)) return String(reason);
  return reason.message || String((reason as { code?: unknown }).code ?? reason.name);
}

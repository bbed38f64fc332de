import { parseMediaType } from './media.js';

/** One fault of the input and where it stands. */
export interface Problem {
  /** Place of the fault: `input.params.productId`. */
  where: string;
  /** What is wrong there. */
  message: string;
}

/** The answer of an API that refused a request, with code `upstream_status`. */
export interface UpstreamAnswer {
  /** The API's HTTP status. */
  status: number;
  /** The API's headers, names in lower case, repeated ones joined by `, `. */
  headers: Record<string, string>;
  /** The API's body: parsed when it is JSON, else text. */
  body: unknown;
}

/** What a DuctapeError is made of, besides its code and message. */
export interface DuctapeErrorDetails {
  status?: number;
  step?: string;
  hint?: string;
  problems?: Problem[];
  upstream?: UpstreamAnswer;
  runId?: string;
  retryAfter?: number;
  cause?: unknown;
}

/**
 * Every failure of this package is a DuctapeError.
 *
 * `code` is a stable name. The server's codes are those of its HTTP contract
 * (`unknown_action`, `upstream_status`, ...). Five are this client's own:
 * `server_unreachable` (no answer from the Ductape server), `connection_lost`
 * (the answer broke off, and the run's record does not say why; where it does,
 * the code is the record's, such as `response_too_large`), `client_timeout` (this client's time limit),
 * `unexpected_answer` (not an answer of a Ductape server, or not what its
 * Content-Type says) and `cancelled` (the caller's AbortSignal).
 */
export class DuctapeError extends Error {
  /** Always `DuctapeError`; tells the class apart where `instanceof` cannot. */
  override readonly name = 'DuctapeError';
  /** Stable name of the failure. */
  readonly code: string;
  /** HTTP status of the Ductape server's answer; 0 when there was none. */
  readonly status: number;
  /** The step of the run that failed (`resolve`, `bind`, ...), where known. */
  readonly step?: string;
  /** What to do about it, where known. */
  readonly hint?: string;
  /** Every fault found in the input; empty when the input is not at fault. */
  readonly problems: Problem[];
  /** The API's own answer, with code `upstream_status`. */
  readonly upstream?: UpstreamAnswer;
  /** The run that failed; undefined when none was begun. */
  readonly runId?: string;
  /** Seconds to wait before asking again, where known. */
  readonly retryAfter?: number;

  constructor(code: string, message: string, details: DuctapeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? 0;
    this.step = details.step;
    this.hint = details.hint;
    this.problems = details.problems ?? [];
    this.upstream = details.upstream;
    this.runId = details.runId;
    this.retryAfter = details.retryAfter;
  }
}

/** Makes an error of a response that is not a success, and of its body. */
export function errorOfAnswer(response: Response, text: string): DuctapeError {
  const runId = response.headers.get('ductape-run-id') ?? undefined;
  const retryAfter = seconds(response.headers.get('retry-after'));
  const problem = parseProblem(response, text);
  if (!problem) return unexpected(response, text, { runId, retryAfter });
  const title = asText(problem.title) ?? `the server answered ${response.status}`;
  return new DuctapeError(asText(problem.code) ?? codeOfStatus(response.status), asText(problem.detail) ?? title, {
    status: response.status,
    step: asText(problem.step),
    hint: asText(problem.hint),
    problems: asProblems(problem.problems ?? problem.errors),
    upstream: asUpstream(problem.upstream),
    runId: asText(problem.run_id) ?? runId,
    retryAfter,
  });
}

type Loose = Record<string, unknown>;

/** RFC 9457: wrong-typed members are ignored, so nothing is assumed of them. */
function parseProblem(response: Response, text: string): Loose | undefined {
  const type = parseMediaType(response.headers.get('content-type')).type;
  if (type !== 'application/problem+json' && type !== 'application/json') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isProblem = isObject(value) && ('code' in value || 'title' in value || 'detail' in value);
    return isProblem ? value : undefined;
  } catch {
    return undefined;
  }
}

function unexpected(response: Response, text: string, more: DuctapeErrorDetails): DuctapeError {
  const status = response.status;
  const excerpt = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  const redirect = response.type === 'opaqueredirect' || (status >= 300 && status < 400);
  const what = redirect ? 'a redirect' : `status ${status}${excerpt ? `: ${excerpt}` : ''}`;
  if (!redirect) return notAnAnswer(status, what, more);
  return notAnAnswer(status, what, { ...more, hint: 'redirects are not followed, so that the key goes nowhere else: set base_url to the final address' });
}

/** The error for an answer that no Ductape server gave, such as a proxy's or a login page. */
export function notAnAnswer(status: number, what: string, more: DuctapeErrorDetails = {}): DuctapeError {
  const hint = 'check that base_url (or DUCTAPE_URL) is the address of a Ductape server, and what stands in between';
  return new DuctapeError('unexpected_answer', `not an answer of a Ductape server: ${what}`, { hint, ...more, status });
}

function codeOfStatus(status: number): string {
  const codes: Record<number, string> = { 400: 'invalid_input', 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 405: 'method_not_allowed', 409: 'conflict', 422: 'invalid_input', 429: 'rate_limited' };
  return codes[status] ?? 'internal';
}

function asProblems(value: unknown): Problem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((p) => ({ where: asText(p.where) ?? asText(p.location) ?? '', message: asText(p.message) ?? '' }));
}

function asUpstream(value: unknown): UpstreamAnswer | undefined {
  if (!isObject(value)) return undefined;
  const headers: Record<string, string> = {};
  if (isObject(value.headers)) {
    for (const [name, v] of Object.entries(value.headers)) headers[name.toLowerCase()] = Array.isArray(v) ? v.join(', ') : String(v);
  }
  return { status: Number(value.status) || 0, headers, body: value.body };
}

/** RFC 9110 section 10.2.3: delay seconds or an HTTP date. */
function seconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

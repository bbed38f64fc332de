import { DuctapeError } from './error.js';
import { send, type Request, type RequestOptions } from './http.js';
import type { Settings } from './options.js';

/** Sends one request and reads its answer, which is JSON or nothing. */
export async function ask(settings: Settings, request: Request): Promise<unknown> {
  const answer = await send(settings, request);
  if (!answer.isServers) throw await answer.refused();
  return answer.output();
}

/** Reads what is at a path. */
export function get(settings: Settings, path: string, options: RequestOptions): Promise<unknown> {
  return ask(settings, { method: 'GET', path, signal: options.signal, timeout_ms: options.timeout_ms });
}

/** A listing is an array; an empty one may be null. */
export function listed<T>(answer: unknown): T[] {
  if (Array.isArray(answer)) return answer as T[];
  if (answer === null) return [];
  throw new DuctapeError('unexpected_answer', 'the answer of the server is not a list');
}

/** A filter as the query of a path; what is undefined or empty is left out. */
export function queryOf(filter: object): string {
  const pairs = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return query ? `?${query}` : '';
}

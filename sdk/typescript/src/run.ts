import type { Answer } from './answer.js';
import { send } from './http.js';
import { either } from './names.js';
import { checkTimeout, type Settings } from './options.js';
import type { DryRun, IActionProcessorInput, RunOptions } from './types.js';

/** Runs an action and resolves to the API's output. See {@link Actions.run}. */
export interface RunFunction {
  (call: IActionProcessorInput, options: RunOptions & { dry_run: true }): Promise<DryRun>;
  <T = unknown>(call: IActionProcessorInput, options?: RunOptions): Promise<T>;
}

/** Running actions: `ductape.actions`, also known as `action`, `api` and `processor.action`. */
export interface Actions {
  /**
   * Runs an action and resolves to the API's output: parsed when it is JSON, a
   * string when text, an async iterator for text/event-stream (of
   * ServerSentEvent) and newline-delimited JSON (of values), undefined when
   * there is none, else a Uint8Array.
   *
   * Rejects with DuctapeError. Sends one request: retries are the server's.
   */
  readonly run: RunFunction;
  /**
   * Runs an action and resolves to the API's answer as it came: status,
   * headers, run id, and the body to be read as text, JSON, bytes or a stream.
   */
  readonly runRaw: (call: IActionProcessorInput, options?: RunOptions) => Promise<Answer>;
}

/** How much longer than the server this client waits, so that the server's own error arrives. */
const graceMS = 5000;

/** Binds running to a server. */
export function actionsOf(settings: Settings): Actions {
  const ask = async (call: IActionProcessorInput, options: RunOptions): Promise<Answer> => {
    const body = wireCall(call, settings);
    const path = options.dry_run ? '/v1/actions/run?dry_run=true' : '/v1/actions/run';
    const answer = await send(settings, { method: 'POST', path, body, signal: options.signal, timeout_ms: patience(call, options) });
    const known = options.dry_run ? answer.isServers : answer.runId !== ''; // every run has one
    if (!known) throw await answer.refused();
    return answer;
  };
  const run = async (call: IActionProcessorInput, options: RunOptions = {}): Promise<unknown> => (await ask(call, options)).output();
  const runRaw = async (call: IActionProcessorInput, options: RunOptions = {}): Promise<Answer> => (await ask(call, options)).untimed();
  return Object.freeze({ run: run as RunFunction, runRaw });
}

function patience(call: IActionProcessorInput, options: RunOptions): number | undefined {
  if (options.timeout_ms !== undefined) return checkTimeout(options.timeout_ms);
  return call.timeout_ms ? call.timeout_ms + graceMS : undefined;
}

/** Writes a call with the names of the wire. Fields this client does not know go along, for the server to judge. */
function wireCall(call: IActionProcessorInput, settings: Settings): Record<string, unknown> {
  const { env, product: _product, product_tag: _tag, app, event: _event, action: _action, input, ...rest } = call;
  return {
    env: env || settings.env,
    product: either(call, 'product', 'product_tag') || settings.product,
    app,
    event: either(call, 'event', 'action'),
    input: input ?? {},
    ...rest,
  };
}

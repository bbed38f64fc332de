import type { Deadline } from './deadline.js';
import { DuctapeError, notAnAnswer } from './error.js';
import { decodeJSON, decodeText, parseMediaType, type MediaType } from './media.js';
import { chunksOf, eventsOf, recordsOf, valuesOf, type ServerSentEvent } from './stream.js';

/** How a run ended that did not end well. */
export interface RunFailure {
  code: string;
  step?: string;
}

/** Asks the server how a run ended; undefined when it went well or nobody knows. */
export type FailureOf = (runId: string) => Promise<RunFailure | undefined>;

/**
 * The API's own answer to a run, its body not yet read. The body can be read
 * once, by one of `text`, `json`, `arrayBuffer`, `bytes`, `output` and `body`.
 */
export class Answer {
  /** The API's HTTP status; of the server's own answer where no API was asked. */
  readonly status: number;
  /** The headers of the answer. */
  readonly headers: Headers;
  /** The run's id: `ductape runs` shows it. Empty where nothing ran. */
  readonly runId: string;
  /** Requests sent for this run; 0 when served from the cache. */
  readonly attempts: number;
  /** `hit`, `miss` or `none`. */
  readonly cache: string;
  /** The body's bytes as they come; null when there is none. */
  readonly body: ReadableStream<Uint8Array> | null;
  readonly #deadline: Deadline;
  readonly #media: MediaType;
  readonly #serverStatus: number;
  readonly #failureOf: FailureOf;

  /** @internal */
  constructor(response: Response, deadline: Deadline, failureOf: FailureOf = async () => undefined) {
    this.headers = response.headers;
    this.#serverStatus = response.status;
    this.status = Number(this.headers.get('ductape-upstream-status')) || response.status;
    this.runId = this.headers.get('ductape-run-id') ?? '';
    this.attempts = Number(this.headers.get('ductape-attempts')) || 0;
    this.cache = this.headers.get('ductape-cache') ?? 'none';
    this.#media = parseMediaType(this.headers.get('content-type'));
    this.#deadline = deadline;
    this.#failureOf = failureOf;
    this.body = response.body && guarded(response.body, (err) => this.#broken(err), () => deadline.end());
    if (!this.body) deadline.end();
  }

  /** The whole body as bytes. */
  async bytes(): Promise<Uint8Array> {
    if (!this.body) return new Uint8Array();
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(this.body)) chunks.push(chunk);
    return joined(chunks);
  }

  /** The whole body as an ArrayBuffer. */
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).slice().buffer as ArrayBuffer;
  }

  /** The whole body as text, in the charset its Content-Type names. */
  async text(): Promise<string> {
    return decodeText(await this.bytes(), this.#media.charset);
  }

  /**
   * The whole body parsed as JSON. Integers past 2^53 lose digits in
   * JavaScript's numbers; `text()` has them all.
   */
  async json<T = unknown>(): Promise<T> {
    return this.#parse(decodeJSON(await this.bytes(), this.#media.charset)) as T;
  }

  /**
   * The body as `run` resolves to it: parsed when JSON, a string when text, an
   * async iterator for text/event-stream and JSON lines and sequences,
   * undefined when empty, else a Uint8Array.
   */
  async output(): Promise<unknown> {
    const { type, isJSON, isLines, isSequence, isText } = this.#media;
    if (this.body && type === 'text/event-stream') return this.events();
    if (this.body && (isLines || isSequence)) return this.values();
    const bytes = await this.bytes();
    if (isJSON) return bytes.length === 0 ? undefined : this.#parse(decodeJSON(bytes, this.#media.charset));
    if (isText) return decodeText(bytes, this.#media.charset);
    return bytes.length === 0 ? undefined : bytes;
  }

  /** The body as server-sent events. */
  events(): AsyncGenerator<ServerSentEvent, void, undefined> {
    this.#deadline.stopClock();
    return eventsOf(this.#stream());
  }

  /** The body as the values of newline-delimited JSON, or of a JSON text sequence. */
  values(): AsyncGenerator<unknown, void, undefined> {
    this.#deadline.stopClock();
    const read = this.#media.isSequence ? recordsOf : valuesOf;
    return read(this.#stream(), (text) => this.#parse(text));
  }

  /** @internal Whether it is JSON, or a 204 that has none: all that the server itself answers with. */
  get isServers(): boolean {
    return this.#media.isJSON || this.#serverStatus === 204;
  }

  /** @internal Lets the body go, of an answer that no Ductape server gave, and says so. */
  async refused(): Promise<DuctapeError> {
    await this.body?.cancel().catch(() => undefined);
    return notAnAnswer(this.#serverStatus, `status ${this.#serverStatus}, ${this.#media.type || 'without a Content-Type'}${this.runId ? '' : ', no Ductape-Run-Id'}`);
  }

  /** Lifts the time limit, for a body that its reader takes in its own time. */
  untimed(): this {
    this.#deadline.stopClock();
    return this;
  }

  #stream(): ReadableStream<Uint8Array> {
    return this.body ?? new ReadableStream({ start: (c) => c.close() });
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (err) {
      throw new DuctapeError('unexpected_answer', `the answer is announced as ${this.#media.type} but is not JSON`, {
        ...this.#place(),
        hint: 'runRaw gives the bytes as they came',
        cause: err,
      });
    }
  }

  /** An answer that has begun can only be cut by the server; the run's record says why. */
  async #broken(cause: unknown): Promise<DuctapeError> {
    if (this.#deadline.error) return this.#deadline.error;
    const failure = this.runId === '' ? undefined : await this.#failureOf(this.runId);
    const place = { ...this.#place(), step: failure?.step, cause };
    if (!failure) {
      const hint = 'the run may have happened: `ductape runs` lists it';
      return new DuctapeError('connection_lost', 'the answer of the server broke off', { ...place, hint });
    }
    if (failure.code === 'response_too_large') {
      return new DuctapeError(failure.code, 'the answer is larger than the server passes on', { ...place, hint: 'ask the API for less at a time' });
    }
    const hint = `\`ductape runs show ${this.runId}\` says what became of it`;
    return new DuctapeError(failure.code, 'the answer broke off before its end', { ...place, hint });
  }

  #place(): { status: number; runId?: string } {
    return { status: this.#serverStatus, runId: this.runId || undefined };
  }
}

/** A stream with its failures named, that says when it is over. */
function guarded(stream: ReadableStream<Uint8Array>, broken: (err: unknown) => Promise<DuctapeError>, over: () => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        try {
          const { done, value } = await reader.read();
          if (!done) return out.enqueue(value);
          over();
          out.close();
        } catch (err) {
          over();
          out.error(await broken(err));
        }
      },
      cancel(reason) {
        over();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const c of chunks) {
    out.set(c, at);
    at += c.length;
  }
  return out;
}

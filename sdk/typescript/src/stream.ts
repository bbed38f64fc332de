/** One server-sent event. */
export interface ServerSentEvent {
  /** Its type; `message` when the stream gives none. */
  event: string;
  /** Its data, lines joined by `\n`, as text. */
  data: string;
  /** The last event id seen so far; empty when there was none. */
  id: string;
  /** Milliseconds the stream asks clients to wait before they reconnect, where given. */
  retry?: number;
}

/**
 * Yields the lines of a UTF-8 stream, ended by CRLF, LF or CR, without their
 * ends. A CR that ends a chunk waits for the next one, as it may be half of a CRLF.
 */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let [line, held] = ['', ''];
  for await (const bytes of chunksOf(stream)) {
    const text = held + decoder.decode(bytes, { stream: true });
    held = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/);
    lines[0] = line + lines[0];
    line = lines.pop()!;
    yield* lines;
  }
  line += decoder.decode();
  if (line !== '' || held !== '') yield line;
}

/** Reads a stream chunk by chunk, and cancels it when the reader leaves early. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let whole = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    whole = true;
  } finally {
    if (!whole) await reader.cancel().catch(() => undefined);
  }
}

/** Yields the events of a text/event-stream (WHATWG HTML, section 9.2.6). */
export async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void, undefined> {
  let id = '';
  let event = new PendingEvent();
  for await (const line of linesOf(stream)) {
    if (line !== '') {
      id = event.add(line, id);
      continue;
    }
    if (event.data.length > 0) yield event.done(id);
    event = new PendingEvent();
  }
}

class PendingEvent {
  readonly data: string[] = [];
  #type = '';
  #retry: number | undefined;

  /** Takes one line in and returns the last event id. */
  add(line: string, id: string): string {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#retry = Number(value);
    else if (field === 'id' && !value.includes('\0')) return value;
    return id;
  }

  done(id: string): ServerSentEvent {
    const out: ServerSentEvent = { event: this.#type || 'message', data: this.data.join('\n'), id };
    if (this.#retry !== undefined) out.retry = this.#retry;
    return out;
  }
}

/**
 * Yields the values of a JSON text sequence, each of which follows a record
 * separator (RFC 7464 section 2.1). One that is whole where its first line ends,
 * or a line that begins with its bracket, need not wait for the next.
 */
export async function* recordsOf(stream: ReadableStream<Uint8Array>, parse: (text: string) => unknown): AsyncGenerator<unknown, void, undefined> {
  let held = '';
  for await (const line of linesOf(stream)) {
    const [rest, ...begun] = line.split('\x1e');
    held += rest;
    for (const next of begun) {
      if (held.trim() !== '') yield parse(held);
      held = next;
    }
    const value = begun.length > 0 || /^[}\]]/.test(line) ? whole(held) : undefined;
    held = value ? '' : `${held}\n`;
    if (value) yield value.value;
  }
  if (held.trim() !== '') yield parse(held);
}

function whole(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Yields the values of newline-delimited JSON; empty lines are skipped. */
export async function* valuesOf(stream: ReadableStream<Uint8Array>, parse: (text: string) => unknown): AsyncGenerator<unknown, void, undefined> {
  for await (const line of linesOf(stream)) {
    if (line.trim() !== '') yield parse(line);
  }
}

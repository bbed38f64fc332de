// A server that answers what a test tells it to, and remembers what it was asked.
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What to answer: the parts of it, or a function that writes it. */
export type Reply = { status?: number; headers?: Record<string, string>; body?: string | Uint8Array } | ((res: ServerResponse) => void);

export class Fake {
  readonly seen: Seen[] = [];
  url = '';
  readonly #server: Server;

  constructor(answer: (seen: Seen) => Reply) {
    this.#server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const seen = { method: req.method ?? '', url: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString('utf8') };
        this.seen.push(seen);
        const reply = answer(seen);
        if (seen.url.startsWith('/v1/actions/run') && (typeof reply === 'function' || (reply.status ?? 200) < 300)) res.setHeader('ductape-run-id', 'run_0');
        write(res, reply);
      });
    });
  }

  /** The latest request. */
  get last(): Seen {
    const seen = this.seen.at(-1);
    if (!seen) throw new Error('nothing was asked yet');
    return seen;
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

function write(res: ServerResponse, reply: Reply): void {
  if (typeof reply === 'function') return reply(res);
  res.writeHead(reply.status ?? 200, reply.headers);
  res.end(reply.body);
}

/** A JSON answer. */
export function json(value: unknown, headers: Record<string, string> = {}): Reply {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** An error as the server tells it (RFC 9457). */
export function problem(status: number, members: Record<string, unknown>, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body: JSON.stringify({ status, ...members }) };
}

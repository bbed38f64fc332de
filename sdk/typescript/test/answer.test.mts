// What comes back: output by media type, streams, and runRaw.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerSentEvent } from '@ductape/sdk';
import { json, type Reply } from './fake.mjs';
import { call, failure, setup } from './setup.mjs';

const typed = (type: string, body: string | Uint8Array): Reply => ({ headers: { 'content-type': type }, body });

test('the output is what its Content-Type says', async (t) => {
  const cases: [Reply, unknown][] = [
    [json({ id: 'cus_1', n: null }), { id: 'cus_1', n: null }],
    [typed('application/vnd.api+json; charset=utf-8', '[1]'), [1]],
    [typed('APPLICATION/JSON', '\ufeff"bom"'), 'bom'],
    [typed('application/json', 'null'), null],
    [typed('application/json; charset=iso-8859-1', new Uint8Array([0x22, 0xfc, 0x22])), 'ü'],
    [typed('application/json; charset=iso-8859-1', '"ü"'), 'ü'],
    [typed('application/json', ''), undefined],
    [typed('text/plain', 'grüße'), 'grüße'],
    [typed('text/plain; charset="ISO-8859-1"', new Uint8Array([0x67, 0xfc])), 'gü'],
    [typed('text/plain; charset=nonsense', 'a'), 'a'],
    [typed('text/plain', ''), ''],
    [typed('application/xml', '<a/>'), '<a/>'],
    [typed('image/png', new Uint8Array([0x89, 0x50])), new Uint8Array([0x89, 0x50])],
    [{ body: new Uint8Array([1]) }, new Uint8Array([1])],
    [{ body: '' }, undefined],
    [{ status: 204 }, undefined],
    [typed('text/html', '{"a":1}'), '{"a":1}'],
    [typed('application/json', new Uint8Array()), undefined],
    [typed('application/octet-stream', '{"a":1}'), new TextEncoder().encode('{"a":1}')],
  ];
  for (const [reply, output] of cases) {
    const { ductape } = await setup(t, reply);
    assert.deepEqual(await ductape.actions.run(call), output);
  }
});

test('JSON that is none is told with the run it came from', async (t) => {
  const { ductape } = await setup(t, { headers: { 'content-type': 'application/json', 'ductape-run-id': 'run_1' }, body: '{"a":' });
  const err = await failure(ductape.actions.run(call));
  assert.equal(err.code, 'unexpected_answer');
  assert.equal(err.status, 200);
  assert.equal(err.runId, 'run_1');
});

test('runRaw gives the answer as it came', async (t) => {
  const headers = { 'content-type': 'application/json', 'ductape-run-id': 'run_1', 'ductape-upstream-status': '201', 'ductape-attempts': '2', 'ductape-cache': 'miss', 'x-own': 'y' };
  const { ductape } = await setup(t, { headers, body: '{"id":12345678901234567890}' });
  const answer = await ductape.actions.runRaw(call);
  assert.deepEqual([answer.status, answer.runId, answer.attempts, answer.cache], [201, 'run_1', 2, 'miss']);
  assert.equal(answer.headers.get('x-own'), 'y');
  assert.equal(await answer.text(), '{"id":12345678901234567890}');

  assert.deepEqual(await (await ductape.actions.runRaw(call)).json(), { id: 12345678901234567890 });
  assert.equal((await (await ductape.actions.runRaw(call)).arrayBuffer()).byteLength, 27);
  assert.equal((await (await ductape.actions.runRaw(call)).bytes())[0], 0x7b);
  let bytes = 0;
  for await (const chunk of (await ductape.actions.runRaw(call)).body!) bytes += chunk.length;
  assert.equal(bytes, 27);
});

test('runRaw of an answer without a body', async (t) => {
  const { ductape } = await setup(t, { status: 204 });
  const answer = await ductape.actions.runRaw(call);
  assert.deepEqual([answer.status, answer.cache, answer.attempts, answer.runId], [204, 'none', 0, 'run_0']);
  assert.equal(await answer.text(), '');
});

/** Serves bytes one write at a time, cut after every `size` bytes. */
function dripped(type: string, text: string, size: number): Reply {
  return (res) => {
    res.writeHead(200, { 'content-type': type });
    const bytes = Buffer.from(text);
    const next = (at: number): void => {
      if (at >= bytes.length) res.end();
      else res.write(bytes.subarray(at, at + size), () => setImmediate(next, at + size));
    };
    next(0);
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

test('server-sent events, however the bytes are cut', async (t) => {
  // The examples of the HTML standard, section 9.2.6, and what they leave out.
  const text =
    '\ufeff: comment\r\n\r\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\r\rdata\n\ndata\ndata\n\n' +
    'event: add\ndata: 73857293\nretry: 1500\nretry: x\nid: a\u0000b\nunknown: x\n\nevent: empty\n\ndata: grüße 🎉\n\ndata: cut off';
  const wanted: ServerSentEvent[] = [
    { event: 'message', data: 'first event', id: '1' },
    { event: 'message', data: 'second event', id: '' },
    { event: 'message', data: ' third event', id: '' },
    { event: 'message', data: '', id: '' },
    { event: 'message', data: '\n', id: '' },
    { event: 'add', data: '73857293', id: '', retry: 1500 },
    { event: 'message', data: 'grüße 🎉', id: '' },
  ];
  for (const size of [1, 2, 3, 7, 1000]) {
    const { ductape } = await setup(t, dripped('text/event-stream; charset=utf-8', text, size));
    assert.deepEqual(await all(await ductape.actions.run<AsyncIterable<ServerSentEvent>>(call)), wanted, `cut after ${size} bytes`);
  }
});

test('a type that is not what the body is: the body is there as it came', async (t) => {
  const { ductape } = await setup(t, typed('application/json', '<html>'));
  assert.equal((await failure(ductape.actions.run(call))).code, 'unexpected_answer');
  assert.equal(await (await ductape.actions.runRaw(call)).text(), '<html>');
});

test('JSON text sequences, however the bytes are cut', async (t) => {
  // The last is cut off after its end, as RFC 7464 section 2.4 permits of objects.
  const text = '\x1e{"a":"ü\\n"}\n\x1e\x1e[\n 2,\n 3\n]\n\x1e4\n\x1e{\n "b": {\n }\n}';
  for (const size of [1, 3, 1000]) {
    const { ductape } = await setup(t, dripped('application/geo+json-seq', text, size));
    assert.deepEqual(await all(await ductape.actions.run<AsyncIterable<unknown>>(call)), [{ a: 'ü\n' }, [2, 3], 4, { b: {} }], `cut after ${size} bytes`);
  }
});

test('newline-delimited JSON, however the bytes are cut', async (t) => {
  for (const size of [1, 5, 1000]) {
    for (const type of ['application/ndjson', 'Application/JSONL', 'application/x-jsonlines', 'application/stream+json; charset=utf-8']) {
      const { ductape } = await setup(t, typed(type, '1\n2'));
      assert.deepEqual(await all(await ductape.actions.run<AsyncIterable<unknown>>(call)), [1, 2], type);
    }
    const { ductape } = await setup(t, dripped('application/x-ndjson', '{"a":"ü\\n"}\r\n\n[2]\n3', size));
    assert.deepEqual(await all(await ductape.actions.run<AsyncIterable<unknown>>(call)), [{ a: 'ü\n' }, [2], 3]);
  }
});

test('a stream whose last line ends with CR', async (t) => {
  const { ductape } = await setup(t, typed('text/event-stream', 'data: a\r\r'));
  assert.deepEqual(await all(await ductape.actions.run<AsyncIterable<ServerSentEvent>>(call)), [{ event: 'message', data: 'a', id: '' }]);
});

test('leaving a stream early lets go of the connection', async (t) => {
  let closed!: () => void;
  const gone = new Promise<void>((done) => (closed = done));
  const { ductape } = await setup(t, (res) => {
    res.on('close', closed);
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: 1\n\n');
  });
  for await (const event of await ductape.actions.run<AsyncIterable<ServerSentEvent>>(call)) {
    assert.equal(event.data, '1');
    break;
  }
  await gone;
});

test('a stream that breaks off says so', async (t) => {
  const { ductape } = await setup(t, (res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'ductape-run-id': 'run_1' });
    res.write('data: 1\n\n', () => setImmediate(() => res.destroy()));
  });
  const err = await failure(ductape.actions.run<AsyncIterable<unknown>>(call).then(all));
  assert.equal(err.code, 'connection_lost');
  assert.equal(err.runId, 'run_1');
});

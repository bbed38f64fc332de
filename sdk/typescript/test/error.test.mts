// How calls fail.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import Ductape, { DuctapeError } from '@ductape/sdk';
import { Fake, json, problem, type Reply } from './fake.mjs';
import { call, failure, setup } from './setup.mjs';

test('a problem becomes a DuctapeError with all it says', async (t) => {
  const members = {
    type: 'https://ductape.example/errors/invalid_input',
    title: 'Bad Request',
    detail: 'two faults in the input',
    code: 'invalid_input',
    hint: 'see the action',
    step: 'bind',
    run_id: 'run_9',
    problems: [{ where: 'input.params.productId', message: 'is required' }, 'junk'],
  };
  const { ductape, fake } = await setup(t, problem(400, members));
  const err = await failure(ductape.actions.run(call));
  assert.ok(err instanceof Error);
  assert.deepEqual(
    [err.name, err.code, err.status, err.message, err.hint, err.step, err.runId, err.retryAfter, err.upstream],
    ['DuctapeError', 'invalid_input', 400, 'two faults in the input', 'see the action', 'bind', 'run_9', undefined, undefined],
  );
  assert.deepEqual(err.problems, [{ where: 'input.params.productId', message: 'is required' }]);
  assert.equal(fake.seen.length, 1);
});

test('the answer of an API that refused comes along', async (t) => {
  const headers = { 'Content-Type': ['application/json'], 'Set-Cookie': ['a', 'b'], 'X-One': 'y' };
  for (const [body, wanted] of [[{ error: 1 }, { error: 1 }], ['{"a":1}', '{"a":1}'], ['not json', 'not json']]) {
    const { ductape } = await setup(t, problem(424, { code: 'upstream_status', detail: 'd', upstream: { status: 402, headers, body } }));
    const { upstream } = await failure(ductape.actions.run(call));
    assert.deepEqual(upstream, { status: 402, headers: { 'content-type': 'application/json', 'set-cookie': 'a, b', 'x-one': 'y' }, body: wanted });
  }
});

test('Retry-After is seconds, and the client does not retry by itself', async (t) => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  for (const [header, least, most] of [['7', 7, 7], [inAMinute, 50, 60], ['Fri, 31 Dec 1999 23:59:59 GMT', 0, 0]] as const) {
    const { ductape, fake } = await setup(t, problem(429, { code: 'rate_limited', detail: 'd' }, { 'retry-after': header }));
    const { retryAfter } = await failure(ductape.actions.run(call));
    assert.ok(retryAfter !== undefined && retryAfter >= least && retryAfter <= most, `${header}: ${retryAfter}`);
    assert.equal(fake.seen.length, 1);
  }
});

test('wrong-typed members are ignored, and missing ones made up for', async (t) => {
  const { ductape } = await setup(t, problem(404, { code: 5, detail: ['x'], hint: {}, problems: 'no', upstream: 3, title: 'Not Found' }, { 'ductape-run-id': 'run_2' }));
  const err = await failure(ductape.actions.run(call));
  assert.deepEqual([err.code, err.message, err.hint, err.runId], ['not_found', 'Not Found', undefined, 'run_2']);
  assert.deepEqual(err.problems, []);
});

test('answers that no Ductape server gave', async (t) => {
  const answers: [Reply, number, RegExp][] = [
    [{ status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad\n Gateway</h1>' }, 502, /status 502: <h1>Bad Gateway/],
    [{ status: 500, headers: { 'content-type': 'application/problem+json' }, body: '{"cut' }, 500, /status 500/],
    [{ status: 404 }, 404, /status 404/],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/elsewhere' } }, 307, /redirect/],
  ];
  for (const [reply, status, message] of answers) {
    const { ductape, fake } = await setup(t, reply);
    const err = await failure(ductape.actions.run(call));
    assert.deepEqual([err.code, err.status], ['unexpected_answer', status]);
    assert.match(err.message, message);
    assert.match(err.hint ?? '', /base_url/);
    assert.equal(fake.seen.length, 1);
  }
});

/** Says yes to everything, without a run's id. */
const stranger = (status: number, type: string, body: string): Reply => (res) => {
  res.removeHeader('ductape-run-id');
  res.writeHead(status, type ? { 'content-type': type } : {}).end(body);
};

test('a success that no Ductape server gave', async (t) => {
  const answers: [number, string, string, boolean][] = [
    [200, 'text/html', '<form>', false],
    [200, '', '', false],
    [200, 'application/json', '{"ok":true}', true],
    [204, '', '', true],
  ];
  for (const [status, type, body, onlyRuns] of answers) {
    const { ductape } = await setup(t, stranger(status, type, body));
    const asked = [() => ductape.actions.run(call), () => ductape.actions.runRaw(call)];
    if (!onlyRuns) asked.push(() => ductape.actions.run(call, { dry_run: true }), () => ductape.apps.get('a'), () => ductape.apps.list(), () => ductape.secrets.set('K', 'v'));
    for (const ask of asked) {
      const err = await failure(ask());
      assert.deepEqual([err.code, err.status, err.runId], ['unexpected_answer', status, undefined]);
      assert.match(err.hint ?? '', /base_url/);
    }
  }
});

/** A port where nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

test('a server that is not there', async () => {
  const err = await failure(new Ductape({ token: 'key-1', base_url: `http://127.0.0.1:${await closedPort()}` }).actions.run(call));
  assert.deepEqual([err.code, err.status], ['server_unreachable', 0]);
  assert.match(err.message, /ECONNREFUSED/);
  assert.match(err.hint ?? '', /ductape serve/);
});

test('a server that hangs up before it answers', async (t) => {
  const { ductape } = await setup(t, (res) => void res.destroy());
  assert.equal((await failure(ductape.actions.run(call))).code, 'server_unreachable');
});

test('an answer that breaks off', async (t) => {
  const { ductape } = await setup(t, (res) => {
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100', 'ductape-run-id': 'run_3' });
    res.write('{', () => setImmediate(() => res.destroy()));
  });
  const err = await failure(ductape.actions.run(call));
  assert.deepEqual([err.code, err.runId], ['connection_lost', 'run_3']);
});

test('an answer that breaks off fails as the run did', async (t) => {
  const cut: Reply = (res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'ductape-run-id': 'run 3' });
    res.write('data: 1\n\n', () => setImmediate(() => res.destroy()));
  };
  const records: [Reply, string, string | undefined, RegExp][] = [
    [json({ id: 'run 3', outcome: 'response_too_large', step: 'decode' }), 'response_too_large', 'decode', /for less/],
    [json({ id: 'run 3', outcome: 'upstream_timeout' }), 'upstream_timeout', undefined, /runs show run 3/],
    [json({ id: 'run 3', outcome: 'ok' }), 'connection_lost', undefined, /ductape runs/],
    [json(null), 'connection_lost', undefined, /ductape runs/],
    [problem(404, { code: 'not_found', outcome: 'x' }), 'connection_lost', undefined, /ductape runs/],
    [(res) => void res.destroy(), 'connection_lost', undefined, /ductape runs/],
  ];
  for (const [record, code, step, hint] of records) {
    const fake = await new Fake((seen): Reply => (seen.url === '/v1/runs/run%203' ? record : cut)).start();
    t.after(() => fake.stop());
    const ductape = new Ductape({ accessKey: 'key-1', base_url: fake.url });
    const events = await ductape.actions.run<AsyncIterable<{ data: string }>>(call);
    const seen: string[] = [];
    const err = await failure(
      (async () => {
        for await (const event of events) seen.push(event.data);
      })(),
    );
    assert.deepEqual([seen, err.code, err.step, err.runId, err.status], [['1'], code, step, 'run 3', 200]);
    assert.match(err.hint ?? '', hint);
    assert.equal(fake.last.headers.authorization, 'Bearer key-1');
  }
});

const silent: Reply = () => undefined;
const halfway: Reply = (res) => void res.writeHead(200, { 'content-type': 'application/json' }).write('{');

test('time limits: of the client, of the call, before and within the answer', async (t) => {
  for (const reply of [silent, halfway]) {
    const { ductape } = await setup(t, reply, { timeout_ms: 30 });
    const err = await failure(ductape.actions.run(call));
    assert.deepEqual([err.code, err.status], ['client_timeout', 0]);
    assert.match(err.message, /30 ms/);
    assert.match((await failure(ductape.actions.run(call, { timeout_ms: 20 }))).message, /20 ms/);
  }
  const { ductape } = await setup(t, silent);
  assert.match((await failure(ductape.actions.run(call, { timeout_ms: -1 }))).message, /-1/);
});

test('an AbortSignal cancels before, during and within the answer, and is let go of', async (t) => {
  const { ductape, fake } = await setup(t, silent);
  const reason = new Error('changed my mind');
  const early = await failure(ductape.actions.run(call, { signal: AbortSignal.abort(reason) }));
  assert.deepEqual([early.code, early.cause, fake.seen.length], ['cancelled', reason, 0]);
  for (const reply of [silent, halfway]) {
    const { ductape } = await setup(t, reply);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 30);
    assert.equal((await failure(ductape.actions.run(call, { signal: abort.signal }))).code, 'cancelled');
    assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
  }
  const { ductape: quick } = await setup(t);
  const { signal } = new AbortController();
  await quick.actions.run(call, { signal });
  await (await quick.actions.runRaw(call, { signal })).text();
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('the key is in no error', async (t) => {
  const { ductape } = await setup(t, { status: 500, body: 'x' }, { accessKey: 'very-secret' });
  const { default: util } = await import('node:util');
  const unreachable = new Ductape({ token: 'very-secret', base_url: `http://127.0.0.1:${await closedPort()}` });
  for (const d of [ductape, unreachable]) {
    const err = await failure(d.actions.run(call));
    assert.ok(err instanceof DuctapeError);
    assert.doesNotMatch(util.inspect(err, { depth: 9, showHidden: true }), /very-secret/);
  }
  assert.doesNotMatch(util.inspect(ductape, { depth: 9, showHidden: true }), /very-secret/);
});

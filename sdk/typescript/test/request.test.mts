// What goes out: address, headers and the bytes of the body.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Ductape, { DuctapeError, file, literal, type DuctapeOptions } from '@ductape/sdk';
import { call, failure, setup } from './setup.mjs';

test('run asks once, in the words of the wire', async (t) => {
  const { fake, ductape } = await setup(t);
  await ductape.actions.run({ ...call, input: { query: { limit: 10 } }, cache: 'c', retries: 3, session: { tag: 's', token: 't' }, idempotency_key: 'k', timeout_ms: 2000 });
  assert.equal(fake.seen.length, 1);
  assert.equal(fake.last.method, 'POST');
  assert.equal(fake.last.url, '/v1/actions/run');
  assert.equal(fake.last.headers.authorization, 'Bearer key-1');
  assert.equal(fake.last.headers['content-type'], 'application/json');
  assert.equal(
    fake.last.body,
    '{"env":"dev","product":"crm","app":"hubspot","event":"search_contacts","input":{"query":{"limit":10}},"cache":"c","retries":3,"session":{"tag":"s","token":"t"},"idempotency_key":"k","timeout_ms":2000}',
  );
});

test('product_tag is product and action is event', async (t) => {
  const { fake, ductape } = await setup(t);
  await ductape.actions.run({ env: 'dev', product_tag: 'crm', app: 'hubspot', action: 'search_contacts' });
  assert.equal(fake.last.body, '{"env":"dev","product":"crm","app":"hubspot","event":"search_contacts","input":{}}');
  await ductape.actions.run({ ...call, product_tag: 'crm', action: 'search_contacts' });
  const err = await failure(ductape.actions.run({ ...call, product_tag: 'other' }));
  assert.equal(err.code, 'invalid_input');
  assert.equal(err.problems[0]?.where, 'product_tag');
  assert.equal(fake.seen.length, 2);
});

test('every spelling is one function, also off its object', async (t) => {
  const { fake, ductape } = await setup(t);
  const { run } = ductape.actions;
  for (const same of [ductape.action, ductape.api, ductape.processor.action, ductape.processor.actions, ductape.processor.api]) assert.equal(same.run, run);
  for (const same of [ductape.session, ductape.processor.sessions, ductape.processor.session]) assert.equal(same, ductape.sessions);
  assert.deepEqual(await run(call), { ok: true });
  assert.equal(fake.seen.length, 1);
});

test('every generation of the constructor sends its key and nothing else that is secret', async (t) => {
  const { fake } = await setup(t);
  const generations: [DuctapeOptions, string, string | undefined][] = [
    [{ workspace_id: 'w1', user_id: 'u1', public_key: 'p1', token: 'k1', env_type: 'development' }, 'k1', 'w1'],
    [{ workspace_id: 'w2', user_id: 'u2', private_key: 'k2' }, 'k2', 'w2'],
    [{ accessKey: 'k3' }, 'k3', undefined],
    [{ token: 'k4', private_key: 'no', accessKey: 'no' }, 'k4', undefined],
    [{ token: '', private_key: 'k5\n' }, 'k5', undefined],
  ];
  for (const [options, key, workspace] of generations) {
    await new Ductape({ ...options, base_url: fake.url }).actions.run(call);
    assert.equal(fake.last.headers.authorization, `Bearer ${key}`);
    assert.equal(fake.last.headers['ductape-workspace'], workspace);
    assert.doesNotMatch(JSON.stringify(fake.last), /p1/);
  }
});

test('product and env of the constructor fill what a call leaves out', async (t) => {
  const { fake, ductape } = await setup(t, undefined, { product: 'crm', env: 'dev' });
  await ductape.actions.run({ app: 'hubspot', event: 'a' });
  assert.equal(fake.last.body, '{"env":"dev","product":"crm","app":"hubspot","event":"a","input":{}}');
  await ductape.actions.run({ env: 'prd', product_tag: 'other', app: 'hubspot', event: 'a' });
  assert.equal(fake.last.body, '{"env":"prd","product":"other","app":"hubspot","event":"a","input":{}}');
});

test('DUCTAPE_URL and DUCTAPE_KEY are used when nothing is given', async (t) => {
  const { fake } = await setup(t);
  t.after(() => {
    delete process.env.DUCTAPE_URL;
    delete process.env.DUCTAPE_KEY;
  });
  process.env.DUCTAPE_URL = `${fake.url}/`;
  process.env.DUCTAPE_KEY = 'from-environment';
  await new Ductape().actions.run(call);
  assert.equal(fake.last.headers.authorization, 'Bearer from-environment');
  await new Ductape({ token: 'given' }).actions.run(call);
  assert.equal(fake.last.headers.authorization, 'Bearer given');
});

test('base_url defaults to the local server and may have a path', async () => {
  const urls: string[] = [];
  const fetch = async (url: string): Promise<Response> => (urls.push(url), new Response(null, { status: 204, headers: { 'ductape-run-id': 'run_0' } }));
  await new Ductape({ token: 'k', fetch }).actions.run(call);
  await new Ductape({ token: 'k', fetch, base_url: 'https://api.example.com/ductape//' }).actions.run(call);
  assert.deepEqual(urls, ['http://127.0.0.1:4311/v1/actions/run', 'https://api.example.com/ductape/v1/actions/run']);
});

test('options that cannot be used are refused without repeating the key', () => {
  const refused: [DuctapeOptions, RegExp][] = [
    [{ base_url: 'not a url' }, /base_url is not a URL/],
    [{ base_url: 'ftp://example.com' }, /begins with ftp:/],
    [{ base_url: 'http://user:pass-x@example.com' }, /has a user/],
    [{ token: 'secret\nkey' }, /key has a space/],
    [{ token: 'sécret' }, /key has a space/],
    [{ timeout_ms: 0 }, /timeout_ms: 0/],
    [{ timeout_ms: NaN }, /timeout_ms: NaN/],
  ];
  for (const [options, message] of refused) {
    assert.throws(() => new Ductape(options), (err: unknown) => {
      assert.ok(err instanceof DuctapeError);
      assert.equal(err.code, 'invalid_input');
      assert.match(err.message, message);
      assert.doesNotMatch(`${err.message} ${err.hint}`, /secret|sécret|pass-x/);
      return true;
    });
  }
});

test('a missing key is an error at the first call, with a hint, and nothing is sent', async (t) => {
  const { fake, ductape } = await setup(t, undefined, { accessKey: '' });
  const err = await failure(ductape.actions.run(call));
  assert.equal(err.code, 'unauthenticated');
  assert.match(err.hint ?? '', /DUCTAPE_KEY/);
  assert.equal(fake.seen.length, 0);
});

test('a dry run asks for one', async (t) => {
  const { fake, ductape } = await setup(t);
  const plan = await ductape.actions.run(call, { dry_run: true });
  assert.equal(fake.last.url, '/v1/actions/run?dry_run=true');
  plan.method satisfies string;
});

test('fields this client does not know go along for the server to judge', async (t) => {
  const { fake, ductape } = await setup(t);
  await ductape.actions.run({ ...call, retry: 3 } as typeof call);
  assert.match(fake.last.body, /"retry":3/);
});

test('values are written exactly', async (t) => {
  const { fake, ductape } = await setup(t);
  const written: [unknown, string][] = [
    [123456789012345678901234567890n, '123456789012345678901234567890'],
    [{ a: [1n, -2n, 1.5, 1e21, -0] }, '{"a":[1,-2,1.5,1e+21,0]}'],
    [{ b: 1, a: undefined, c: null, f: () => 1 }, '{"b":1,"c":null}'],
    [[undefined, 1], '[null,1]'],
    [Array(2), '[null,null]'],
    ['\u2028"\\\n\u0000\ud800', '"\u2028\\"\\\\\\n\\u0000\\ud800"'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ 'a"b': Object(7n), s: Object('x') }, '{"a\\"b":7,"s":"x"}'],
  ];
  for (const [value, text] of written) {
    await ductape.actions.run({ ...call, input: { body: { v: value } } });
    assert.equal(fake.last.body.slice(fake.last.body.indexOf('"v":') + 4, -3), text);
  }
});

test('what JSON would lose is told, every place of it, and nothing is sent', async (t) => {
  const { fake, ductape } = await setup(t);
  const loop: Record<string, unknown> = {};
  loop.again = loop;
  let deep: unknown[] = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const body = { nan: NaN, map: new Map(), bytes: new Uint8Array(1), blob: new Blob(['x']), later: Promise.resolve(1), list: [1, new Set()], loop, deep };
  const err = await failure(ductape.actions.run({ ...call, input: { body } }));
  assert.equal(err.code, 'invalid_input');
  const deepest = err.problems.pop();
  assert.match(deepest?.where ?? '', /^input\.body\.deep(\[0\])+$/);
  assert.deepEqual(
    err.problems.map((p) => p.where),
    ['nan', 'map', 'bytes', 'blob', 'later', 'list[1]', 'loop.again'].map((w) => `input.body.${w}`),
  );
  assert.match(err.problems[2]?.message ?? '', /file\(/);
  assert.equal(fake.seen.length, 0);
});

test('the same object twice is no loop', async (t) => {
  const { fake, ductape } = await setup(t);
  const shared = { x: 1 };
  await ductape.actions.run({ ...call, input: { body: { a: shared, b: [shared, shared] } } });
  assert.match(fake.last.body, /{"a":{"x":1},"b":\[{"x":1},{"x":1}\]}/);
});

test('files of every kind go out as the server takes them', async (t) => {
  const { fake, ductape } = await setup(t);
  const big = new Uint8Array(200_000).map((_, i) => i * 31);
  const files = {
    text: file('grüße', { filename: 'a.txt' }),
    bytes: file(new Uint8Array([0, 255]), { filename: 'b.bin', contentType: 'image/png' }),
    buffer: file(new Uint8Array([1, 2, 3]).buffer),
    blob: file(new Blob(['{}'], { type: 'application/json' })),
    view: file(big.subarray(1, 100_000), { filename: 'big' }),
  };
  await ductape.actions.run({ ...call, input: { body: { ...files, list: [files.text] } } });
  const sent = JSON.parse(fake.last.body).input.body;
  const text = { filename: 'a.txt', content_type: 'text/plain; charset=utf-8', base64: Buffer.from('grüße').toString('base64') };
  assert.deepEqual(sent, {
    text,
    bytes: { filename: 'b.bin', content_type: 'image/png', base64: 'AP8=' },
    buffer: { filename: 'file', content_type: 'application/octet-stream', base64: 'AQID' },
    blob: { filename: 'file', content_type: 'application/json', base64: 'e30=' },
    view: { filename: 'big', content_type: 'application/octet-stream', base64: Buffer.from(big.subarray(1, 100_000)).toString('base64') },
    list: [text],
  });
});

test('the name of a file that a user chose is no template', async (t) => {
  const { fake, ductape } = await setup(t);
  const upload = Object.assign(new Blob(['x']), { name: '$Secret{KEY}.png' }); // as a browser's File is
  const chosen = file(upload, { filename: 'invoice-$Session{user}{id}.png' });
  assert.equal(file(upload).filename, '$Secret{KEY}.png');
  await ductape.actions.run({ ...call, input: { body: { upload: file(upload), chosen } } });
  const sent = JSON.parse(fake.last.body).input.body;
  assert.equal(sent.upload.filename, literal('$Secret{KEY}.png'));
  assert.equal(sent.chosen.filename, 'invoice-$Session{user}{id}.png');
});

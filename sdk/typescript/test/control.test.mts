// Sessions and the control plane: method, path and body of each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Ductape from '@ductape/sdk';
import { json } from './fake.mjs';
import { failure, setup } from './setup.mjs';

test('every request is the one the server knows', async (t) => {
  const { fake, ductape } = await setup(t, json([]));
  const asked: [(d: Ductape) => Promise<unknown>, string, string][] = [
    [(d) => d.sessions.start({ product: 'p', env: 'dev', tag: 's', data: { user: { id: 1n } } }), 'POST /v1/sessions/start', '{"product":"p","env":"dev","tag":"s","data":{"user":{"id":1}}}'],
    [(d) => d.processor.sessions.start({ product_tag: 'p', env: 'dev', tag: 's', data: {} }), 'POST /v1/sessions/start', '{"product":"p","env":"dev","tag":"s","data":{}}'],
    [(d) => d.session.verify({ product: 'p', env: 'dev', tag: 's', token: 't' }), 'POST /v1/sessions/verify', '{"product":"p","env":"dev","tag":"s","token":"t"}'],
    [(d) => d.sessions.refresh({ product: 'p', env: 'dev', tag: 's', refreshToken: 'r' }), 'POST /v1/sessions/refresh', '{"product":"p","env":"dev","tag":"s","refreshToken":"r"}'],
    [(d) => d.processor.sessions.decrypt({ product: 'p', env: 'dev', tag: 's', token: 't' }), 'POST /v1/sessions/decrypt', '{"product":"p","env":"dev","tag":"s","token":"t"}'],
    [(d) => d.sessions.decrypt({ product: 'p', env: 'dev', token: 's:t' }), 'POST /v1/sessions/decrypt', '{"product":"p","env":"dev","token":"s:t"}'],
    [(d) => d.sessions.list(), 'GET /v1/sessions', ''],
    [(d) => d.processor.sessions.list({ identifier: 'a b', ended: true, limit: 5 }), 'GET /v1/sessions?identifier=a+b&ended=true&limit=5', ''],
    [(d) => d.sessions.users({ product: 'p', before: 'x' }), 'GET /v1/sessions/users?product=p&before=x', ''],
    [(d) => d.sessions.stats(), 'GET /v1/sessions/stats', ''],
    [(d) => d.sessions.stats({ env: 'dev', days: 7 }), 'GET /v1/sessions/stats?env=dev&days=7', ''],
    [(d) => d.sessions.revoke({ sessionId: 'i' }), 'POST /v1/sessions/revoke', '{"sessionId":"i"}'],
    [(d) => d.sessions.revoke({ identifier: 'u' }), 'POST /v1/sessions/revoke', '{"identifier":"u"}'],
    [(d) => d.apps.list(), 'GET /v1/apps', ''],
    [(d) => d.apps.get('a/b ?'), 'GET /v1/apps/a%2Fb%20%3F', ''],
    [(d) => d.apps.import({ description: 'openapi: 3.1.0', tag: 'a', update: true }), 'POST /v1/apps/import', '{"description":"openapi: 3.1.0","tag":"a","update":true}'],
    [(d) => d.products.list(), 'GET /v1/products', ''],
    [(d) => d.products.get('p'), 'GET /v1/products/p', ''],
    [(d) => d.runs.list(), 'GET /v1/runs', ''],
    [(d) => d.runs.list({ product: 'p&q', limit: 5, env: undefined }), 'GET /v1/runs?product=p%26q&limit=5', ''],
    [(d) => d.runs.list({ user: '42' }), 'GET /v1/runs?user=42', ''],
    [(d) => d.runs.get('r'), 'GET /v1/runs/r', ''],
    [(d) => d.secrets.set('KEY', 'v', { apps: ['a'] }), 'PUT /v1/secrets/KEY', '{"apps":["a"],"value":"v"}'],
  ];
  for (const [ask, line, body] of asked) {
    await ask(ductape);
    assert.equal(`${fake.last.method} ${fake.last.url}`, line);
    assert.equal(fake.last.body, body);
    assert.equal(fake.last.headers.authorization, 'Bearer key-1');
  }
});

test('a listing is an array, or null when it is empty', async (t) => {
  for (const [answer, wanted] of [[[1], [1]], [null, []]]) {
    const { ductape } = await setup(t, json(answer));
    assert.deepEqual(await ductape.apps.list(), wanted);
  }
  const { ductape } = await setup(t, json({ other: [] }));
  assert.equal((await failure(ductape.apps.list())).code, 'unexpected_answer');
});

test('the constructor fills product and env of a session too', async (t) => {
  const { fake, ductape } = await setup(t, json({}), { product: 'p', env: 'dev' });
  await ductape.sessions.start({ tag: 's', data: {} });
  assert.equal(fake.last.body, '{"product":"p","env":"dev","tag":"s","data":{}}');
});

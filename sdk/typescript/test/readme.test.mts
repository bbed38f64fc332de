// Every example of the README type-checks and runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { blocksOf } from './blocks.mjs';
import { Fake, json, problem, type Reply, type Seen } from './fake.mjs';
import { outcomesOf } from './snippets.mjs';

const target = { key: 'test-key', workspace: 'test-workspace', user: 'u', publicKey: 'p', sessions: {} };

function answer(seen: Seen): Reply {
  if (seen.headers.authorization !== `Bearer ${target.key}`) return problem(401, { code: 'unauthenticated', detail: 'unknown key' });
  const place = seen.url.split('?')[0];
  if (place === '/v1/sessions/start') return json({ token: 't', refreshToken: 'r', sessionId: 's', expiresAt: '2030-01-01T00:00:00Z' });
  if (place === '/v1/sessions') return json([]);
  if (place === '/v1/apps') return json([{ tag: 'stripe' }]);
  if (place === '/v1/runs') return json([{ id: 'run_1', outcome: 'ok' }]);
  if (place === '/v1/secrets/STRIPE_TEST_KEY') return json({ key: 'STRIPE_TEST_KEY', version: 1, created_at: '2030-01-01T00:00:00Z', updated_at: '2030-01-01T00:00:00Z' });
  if (place !== '/v1/actions/run') return problem(404, { code: 'not_found', detail: seen.url });
  return runAnswer(JSON.parse(seen.body).event);
}

function runAnswer(event: string): Reply {
  if (event === 'declined') return problem(424, { code: 'upstream_status', detail: 'd', upstream: { status: 402, headers: {}, body: { error: 'card_declined' } } });
  if (event === 'stream_reply') return { headers: { 'content-type': 'text/event-stream' }, body: 'data: hello\n\n' };
  return json({ id: 'cus_1', method: 'POST', url: 'http://127.0.0.1/' });
}

test('the README', async (t) => {
  const fake = await new Fake(answer).start();
  t.after(() => fake.stop());
  const blocks = blocksOf('README.md', readFileSync(new URL('../README.md', import.meta.url), 'utf8'));
  assert.ok(blocks.length >= 10);
  for await (const outcome of outcomesOf(blocks, { ...target, url: fake.url })) assert.equal(outcome.error, undefined, blocks[outcome.index]!.code);
  const asked = fake.seen.map((s) => `${s.method} ${s.url}`);
  assert.equal(asked.filter((line) => line.startsWith('POST /v1/actions/run')).length, 11);
  assert.match(fake.seen.map((s) => s.body).join('\n'), /12345678901234567890[^]*\$Literal{Y29zdHMg/);
});

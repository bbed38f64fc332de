// Every TypeScript block of the seed documents runs as written, and the server
// is asked for what the document says.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { blocksOf, type Block } from './blocks.mjs';
import type { Fake } from './fake.mjs';
import { seedBlocks, seedsFolder } from './seeds.mjs';
import { seedsServer } from './seeds-server.mjs';
import { outcomesOf, type Outcome, type Target } from './snippets.mjs';

async function server(t: TestContext): Promise<{ fake: Fake; target: Target }> {
  const made = await seedsServer();
  t.after(() => made.fake.stop());
  return made;
}

async function outcomes(blocks: Block[], target: Target): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for await (const outcome of outcomesOf(blocks, target)) all.push(outcome);
  return all;
}

/** The calls of documents 001 and 002, which say the same in two spellings. */
const calls = [
  { env: 'dev', product: 'my-product', app: 'stripe-app', event: 'create_customer', input: { body: { email: 'john@example.com', name: 'John Doe' } } },
  { env: 'prd', product: 'payments', app: 'stripe', event: 'create_payment_intent', input: { body: { amount: 2000, currency: 'usd', customer: 'cus_123' } } },
  { env: 'dev', product: 'crm', app: 'hubspot', event: 'search_contacts', input: { query: { email: 'jane@example.com', limit: 10 } } },
  { env: 'dev', product: 'inventory', app: 'shopify', event: 'get_product', input: { params: { productId: '12345' } } },
  { env: 'prd', product: 'api-gateway', app: 'internal-api', event: 'fetch_user', input: { headers: { 'X-Request-ID': 'req_abc123' }, params: { userId: '456' } } },
  { env: 'prd', product: 'dashboard', app: 'analytics', event: 'get_user_stats', input: { params: { userId: '$Session{user}{id}' } }, session: { tag: 'user-session', token: 'session-token-2' } },
  { env: 'prd', product: 'catalog', app: 'products-api', event: 'list_products', input: { query: { category: 'electronics' } }, cache: 'products-list', retries: 3 },
];

/** The call of document 000. */
const signup = {
  env: 'dev',
  product: 'my-product',
  app: 'auth-service',
  event: 'user.signup',
  input: { query: { userId: '123' }, body: { email: 'user@example.com' }, headers: { Authorization: '$Auth{token_access}{token}' }, params: {} },
  session: { tag: 'session-tag', token: 'session-token-1' },
  retries: 3,
};

test('the seed documents', async (t) => {
  const blocks = seedBlocks();
  if (!blocks) {
    assert.ok(!process.env.CI, `no seed documents in ${seedsFolder}`);
    return t.skip(`no seed documents in ${seedsFolder}; DUCTAPE_SEEDS names another folder`);
  }
  const counts: Record<string, number> = {};
  for (const { file } of blocks) counts[file.slice(0, 3)] = (counts[file.slice(0, 3)] ?? 0) + 1;
  assert.deepEqual(counts, { '000': 4, '001': 11, '002': 11 });

  const { fake, target } = await server(t);
  const failed = (await outcomes(blocks, target)).filter((o) => !o.ok);
  assert.deepEqual(failed, []);
  assert.deepEqual(fake.seen.map((s) => JSON.parse(s.body)), [signup, ...calls, ...calls]);
  const workspaces = fake.seen.map((s) => s.headers['ductape-workspace']);
  assert.deepEqual(workspaces, [undefined, ...Array(14).fill(target.workspace)]);
});

test('what is wrong with a block is found', async (t) => {
  const { target } = await server(t);
  const run = (rest: string): string => `await ductape.actions.run({ env: 'dev', product: 'my-product', ${rest} });`;
  const wrong: [string, RegExp | undefined][] = [
    [run("app: 'a', event: 'e', input: {}"), undefined],
    [run("app: 5, event: 'e', input: {}"), /type check: Type 'number' is not assignable/],
    [run("app: 'a', input: {}"), /run: [^]*missing: event/],
    [run("app: 'a', event: 'e', input: {}, session: { tag: 'nobody', token: 'eyJ...' }"), /no session token given for my-product\/dev\/nobody/],
    [run("app: 'a', event: 'e', input: {}, session: { tag: 'session-tag', token: 'forged' }"), /session_invalid/],
    ['interface ISession { tag: string; token: string; more: number }', /type check: Property 'more' is missing/],
    ['interface IActionProcessorInput { app: number }', /type check: /],
    ['await ductape.nothing.run(data: IActionProcessorInput)', /type check: Property 'nothing'/],
    ["const ductape = new Ductape({ token: 'your-token' });\nthrow new Error('thrown');", /type check: Cannot find name 'Ductape'/],
    ["throw new Error('thrown');", /run: [^]*thrown/],
  ];
  const blocks = wrong.map(([code], index) => ({ file: `document ${index}`, index, code }));
  for (const outcome of await outcomes(blocks, target)) {
    const [code, error] = wrong[outcome.index]!;
    assert.equal(outcome.ok, error === undefined, `${code}: ${outcome.error}`);
    if (error) assert.match(outcome.error ?? '', error);
  }
});

test('code is found in fences, and in text without them', () => {
  const fenced = 'a\n```ts\nconst a = 1;\n```\n```sh\nls\n```\n```typescript\r\nlet b;\n```';
  assert.deepEqual(blocksOf('f', fenced).map((b) => b.code), ['const a = 1;', 'let b;']);
  const bare = "import of goods\nimport x from 'x';\n\nconst a = f({\nb: '} {', // )\n});\nProse; here\nawait g({\nc: 1\n});\nHeading\ninterface I {\nd: string; // e\n}\nawait forever({";
  assert.deepEqual(blocksOf('f', bare).map((b) => b.code), ["import x from 'x';\nconst a = f({\nb: '} {', // )\n});", 'await g({\nc: 1\n});', 'interface I {\nd: string; // e\n}']);
});

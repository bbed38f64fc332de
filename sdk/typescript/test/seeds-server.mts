// Just enough of a Ductape server for the seeds: it lets in one key of one
// workspace, takes well-formed calls and known sessions, and answers.
import { Fake, json, problem, type Reply, type Seen } from './fake.mjs';
import type { Target } from './snippets.mjs';

const identity = { key: 'test-key', workspace: 'test-workspace', user: 'test-user', publicKey: 'test-public-key' };
const sessions = { 'my-product/dev/session-tag': 'session-token-1', 'dashboard/prd/user-session': 'session-token-2' };
const fields = ['env', 'product', 'app', 'event', 'input', 'cache', 'retries', 'session', 'idempotency_key', 'timeout_ms'];

/** Starts the server and says how to reach it. */
export async function seedsServer(): Promise<{ fake: Fake; target: Target }> {
  const fake = await new Fake(answer).start();
  return { fake, target: { ...identity, sessions, url: fake.url } };
}

function answer(seen: Seen): Reply {
  if (seen.headers.authorization !== `Bearer ${identity.key}`) return problem(401, { code: 'unauthenticated', detail: 'unknown key' });
  const workspace = seen.headers['ductape-workspace'];
  if (workspace !== undefined && workspace !== identity.workspace) return problem(404, { code: 'unknown_workspace', detail: 'unknown workspace' });
  if (`${seen.method} ${seen.url}` !== 'POST /v1/actions/run') return problem(404, { code: 'not_found', detail: seen.url });
  return judge(JSON.parse(seen.body));
}

function judge(call: Record<string, unknown>): Reply {
  const unknown = Object.keys(call).filter((name) => !fields.includes(name));
  const missing = ['env', 'product', 'app', 'event', 'input'].filter((name) => !call[name]);
  if (unknown.length + missing.length > 0) return problem(400, { code: 'invalid_input', detail: `unknown: ${unknown}; missing: ${missing}` });
  const session = call.session as { tag: string; token: string } | undefined;
  const known = sessions[`${call.product}/${call.env}/${session?.tag}` as keyof typeof sessions];
  if (session && session.token !== known) return problem(401, { code: 'session_invalid', detail: 'unknown session' });
  return json({ id: 'cus_xxx', email: 'john@example.com' }, { 'ductape-run-id': 'run_1', 'ductape-upstream-status': '200' });
}

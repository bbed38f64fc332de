// A client and the server it talks to, for one test.
import type { TestContext } from 'node:test';
import Ductape, { DuctapeError, type DuctapeOptions } from '@ductape/sdk';
import { Fake, json, type Reply } from './fake.mjs';

/** Starts a server that always gives one answer, with a client of it; both end with the test. */
export async function setup(t: TestContext, reply: Reply = json({ ok: true }), options: DuctapeOptions = {}): Promise<{ fake: Fake; ductape: Ductape }> {
  const fake = await new Fake(() => reply).start();
  t.after(() => fake.stop());
  return { fake, ductape: new Ductape({ accessKey: 'key-1', base_url: fake.url, ...options }) };
}

/** A call that says everything that must be said. */
export const call = { env: 'dev', product: 'crm', app: 'hubspot', event: 'search_contacts' };

/** Resolves to the DuctapeError that a promise rejects with, and fails on anything else. */
export async function failure(promise: Promise<unknown>): Promise<DuctapeError> {
  try {
    await promise;
  } catch (err) {
    if (err instanceof DuctapeError) return err;
    throw err;
  }
  throw new Error('it did not fail');
}

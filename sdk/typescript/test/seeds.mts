// The seed documents: where they are, and the server they are to run against.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf, type Block } from './blocks.mjs';
import type { Target } from './snippets.mjs';

/** DUCTAPE_SEEDS, else the folder shared/seeds beside the repository. */
export const seedsFolder = process.env.DUCTAPE_SEEDS || fileURLToPath(new URL('../../../../shared/seeds', import.meta.url));

/** Returns every block of every seed document; undefined when there are no documents. */
export function seedBlocks(): Block[] | undefined {
  if (!existsSync(seedsFolder)) return undefined;
  const files = readdirSync(seedsFolder).filter((name) => name.endsWith('.txt')).sort();
  return files.flatMap((name) => blocksOf(name, readFileSync(join(seedsFolder, name), 'utf8')));
}

/** The server that DUCTAPE_TEST_* names; undefined when DUCTAPE_TEST_URL is not set. */
export function targetOfEnvironment(env = process.env): Target | undefined {
  if (!env.DUCTAPE_TEST_URL) return undefined;
  const need = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`DUCTAPE_TEST_URL is set, but ${name} is not`);
    return value;
  };
  return {
    url: env.DUCTAPE_TEST_URL,
    key: need('DUCTAPE_TEST_KEY'),
    workspace: need('DUCTAPE_TEST_WORKSPACE'),
    user: need('DUCTAPE_TEST_USER'),
    publicKey: need('DUCTAPE_TEST_PUBLIC_KEY'),
    sessions: JSON.parse(need('DUCTAPE_TEST_SESSIONS')),
  };
}

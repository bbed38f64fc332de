// Checks and runs every TypeScript block of the seed documents, and prints one
// JSON line for each: {file, index, kind, ok, error?}. Exits with 1 when one
// failed or there was none.
//
//   node dist-test/seeds-run.mjs
//
// The server is that of DUCTAPE_TEST_URL, with DUCTAPE_TEST_KEY, _WORKSPACE,
// _USER, _PUBLIC_KEY and _SESSIONS ({"product/env/tag": token}); without
// DUCTAPE_TEST_URL, a small one of its own. DUCTAPE_SEEDS names the folder of
// the documents.
import { seedBlocks, seedsFolder, targetOfEnvironment } from './seeds.mjs';
import { seedsServer } from './seeds-server.mjs';
import { outcomesOf } from './snippets.mjs';

const blocks = seedBlocks() ?? [];
const given = targetOfEnvironment();
const own = given ? undefined : await seedsServer();
let failed = blocks.length === 0;
if (failed) console.error(`no TypeScript block found in ${seedsFolder}; DUCTAPE_SEEDS names another folder`);
for await (const outcome of outcomesOf(blocks, given ?? own!.target)) {
  console.log(JSON.stringify(outcome));
  failed ||= !outcome.ok;
}
await own?.fake.stop();
process.exitCode = failed ? 1 : 0;

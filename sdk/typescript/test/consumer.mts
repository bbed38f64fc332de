// Makes dist-test/consumer: a project that has installed both packages as a
// stranger would, from their tarballs. It stays offline, so that no package of the same name from
// elsewhere can take their place. `npm run build:test`
// runs this after `npm run build`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The project that has both packages installed. */
export const consumer = join(here, 'consumer');

function npm(...args: string[]): string {
  const cli = process.env.npm_execpath;
  const [command, first] = cli ? [process.execPath, [cli]] : ['npm', []];
  return execFileSync(command, [...first, ...args], { cwd: consumer, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Packs a package into a folder of its own: both tarballs bear the same name. */
function pack(folder: string, source: string): string {
  mkdirSync(join(consumer, folder));
  const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--loglevel=error', `--pack-destination=${folder}`, source)) as { filename: string }[];
  return `./${folder}/${packed!.filename}`;
}

/** Packs both packages and installs the tarballs. */
function install(): void {
  rmSync(consumer, { recursive: true, force: true });
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  const tarballs = [pack('sdk', join(here, '..')), pack('alias', join(here, '../../typescript-alias'))];
  npm('install', '--offline', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error', ...tarballs);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();

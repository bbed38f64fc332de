// Makes programs of a document's blocks, type-checks them as a user's compiler
// would, and runs each as a process of its own against a server.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Block } from './blocks.mjs';
import { consumer } from './consumer.mjs';

/** The server that the blocks run against, and the values that stand in for their placeholders. */
export interface Target {
  url: string;
  key: string;
  workspace: string;
  user: string;
  publicKey: string;
  /** "product/env/tag" -> session token. */
  sessions: Record<string, string>;
}

/** What became of one block. */
export interface Outcome {
  file: string;
  index: number;
  /** Whether the block was run, or holds only types to check. */
  kind: 'run' | 'types';
  ok: boolean;
  error?: string;
}

/** Checks and runs blocks, one after the other, in order. */
export async function* outcomesOf(blocks: Block[], target: Target): AsyncGenerator<Outcome> {
  const folder = mkdtempSync(join(consumer, 'snippets-'));
  try {
    yield* outcomesIn(folder, blocks, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* outcomesIn(folder: string, blocks: Block[], target: Target): AsyncGenerator<Outcome> {
  const programs = blocks.map((block) => programOf(block, blocks, target));
  const names = programs.map((_, i) => join(folder, `block${i}.mts`));
  programs.forEach((program, i) => writeFileSync(names[i]!, program.code));
  const faults = compile(names);
  for (const [i, program] of programs.entries()) {
    const error = program.error ?? faults.get(names[i]!) ?? (await run(names[i]!.replace(/\.mts$/, '.mjs'), target));
    const { file, index } = blocks[i]!;
    yield { file, index, kind: program.kind, ok: error === undefined, ...(error === undefined ? {} : { error }) };
  }
}

interface Program {
  code: string;
  kind: Outcome['kind'];
  error?: string;
}

const signature = /^await (\S+)\((\w+): (\w+)\);?$/;
const declared = /^(?:export )?interface (\w+)/gm;

/** Adds to a block what it takes from elsewhere, and the real values. */
function programOf(block: Block, all: Block[], target: Target): Program {
  const { code, error } = withValues(block.code, target);
  const types = signature.test(code) || (/^interface /.test(code) && !/\bnew Ductape|\bawait\b/.test(code));
  const body = code.replace(signature, 'const signature: ($2: $3) => Promise<unknown> = $1;');
  const before = [importsOf(body), clientOf(block, body, all, target)].filter((part) => part !== '');
  return { code: [...before, body, ...assertionsOf(body), 'export {};', ''].join('\n'), kind: types ? 'types' : 'run', error };
}

/** The types of the package that a block uses without importing them. */
function importsOf(code: string): string {
  const own = [...code.matchAll(declared)].map((m) => m[1]!);
  const used = ['IActionProcessorInput', 'IActionRequest', 'ISession'].filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const missing = used.filter((name) => !own.includes(name) && !/^import .*\bfrom\b/m.test(code));
  return missing.length > 0 ? `import type { ${missing.join(', ')} } from '@ductape/sdk';` : '';
}

/** The client that a block uses without making it: as its document makes it, else with an access key. */
function clientOf(block: Block, code: string, all: Block[], target: Target): string {
  if (!/\bductape\./.test(code) || /\bnew Ductape\(/.test(code)) return '';
  const init = all.find((b) => b.file === block.file && /\bconst ductape = new Ductape\(/.test(b.code));
  if (init) return withValues(init.code, target).code;
  return `import Ductape from '@ductape/sdk';\nconst ductape = new Ductape({ accessKey: ${quote(target.key)} });`;
}

/** An interface that a document declares must fit the package's own, and ISession and IActionRequest the other way too. */
function assertionsOf(code: string): string[] {
  return [...code.matchAll(declared)].flatMap(([, name]) => {
    const theirs = `import('@ductape/sdk').${name}`;
    const fits = [`export const fits${name} = (x: ${name}): ${theirs} => x;`];
    return name === 'IActionProcessorInput' ? fits : [...fits, `export const same${name} = (x: ${theirs}): ${name} => x;`];
  });
}

/** Puts real values in place of placeholders. */
function withValues(code: string, target: Target): { code: string; error?: string } {
  const values: Record<string, string> = { workspace_id: target.workspace, user_id: target.user, public_key: target.publicKey, token: target.key, private_key: target.key, accessKey: target.key };
  const filled = code.replace(/\b(\w+): 'your-[\w-]+'/g, (all, name: string) => (name in values ? `${name}: ${quote(values[name]!)}` : all));
  const place = sessionOf(code);
  if (!/token: 'eyJ[^']*'/.test(code)) return { code: filled };
  const token = target.sessions[place];
  if (token === undefined) return { code: filled, error: `no session token given for ${place}` };
  return { code: filled.replace(/token: 'eyJ[^']*'/, `token: ${quote(token)}`) };
}

/** Names the session of a block as DUCTAPE_TEST_SESSIONS does: product/env/tag. */
function sessionOf(code: string): string {
  const find = (pattern: RegExp): string => pattern.exec(code)?.[1] ?? '';
  return [find(/product(?:_tag)?: '([^']*)'/), find(/env: '([^']*)'/), find(/session: {\s*tag: '([^']*)'/)].join('/');
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** Type-checks and compiles, and returns what is wrong with each file. */
function compile(names: string[]): Map<string, string> {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    strict: true,
  };
  const program = ts.createProgram(names, options);
  const faults = new Map<string, string>();
  for (const d of [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics]) {
    const name = d.file?.fileName ?? '';
    const text = `type check: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`;
    for (const at of names.includes(name) ? [name] : names) faults.set(at, `${faults.has(at) ? `${faults.get(at)}\n` : ''}${text}`);
  }
  return faults;
}

/** Runs a compiled block and returns what went wrong. */
function run(file: string, target: Target): Promise<string | undefined> {
  const env = { ...process.env, DUCTAPE_URL: target.url };
  delete (env as Record<string, unknown>).DUCTAPE_KEY;
  return new Promise((done) => {
    execFile(process.execPath, [file], { cwd: consumer, env, timeout: 30_000 }, (err, _stdout, stderr) => done(err ? `run: ${stderr.trim() || err.message}` : undefined));
  });
}

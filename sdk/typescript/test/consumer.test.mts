// The packages as they are published: both module systems, both names, types.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { consumer } from './consumer.mjs';

function node(name: string, code: string): string {
  writeFileSync(join(consumer, name), code);
  return execFileSync(process.execPath, [name], { cwd: consumer, encoding: 'utf8' }).trim();
}

test('both names give the same class, to import and to require', () => {
  const esm = `import Ductape, { DuctapeError, literal, Ductape as named } from '@ductape/sdk'; import Alias, { DuctapeError as AliasError } from 'ductape-sdk';
    console.log(Alias === Ductape, named === Ductape, AliasError === DuctapeError, literal('$A{x}'), typeof new Alias().processor.action.run);`;
  assert.equal(node('a.mjs', esm), 'true true true $Literal{JEF7eH0} function');
  const cjs = `const { default: Ductape, Ductape: named, DuctapeError } = require('@ductape/sdk'); const Alias = require('ductape-sdk');
    console.log(Alias.default === Ductape, named === Ductape, new DuctapeError('c', 'm').code);`;
  assert.equal(node('a.cjs', cjs), 'true true c');
});

test('a file made by one build is a file to the other', () => {
  const code = `import { createRequire } from 'node:module'; import Ductape from '@ductape/sdk';
    const { file } = createRequire(import.meta.url)('@ductape/sdk');
    const fetch = async (url, init) => (console.log(init.body), new Response(null, { status: 204, headers: { 'ductape-run-id': 'run_0' } }));
    await new Ductape({ token: 'k', fetch }).actions.run({ app: 'a', input: { f: file('x', { filename: 'f', contentType: 't/x' }) } });`;
  assert.equal(node('b.mjs', code), '{"app":"a","input":{"f":{"filename":"f","content_type":"t/x","base64":"eA=="}}}');
});

test('types resolve under every module resolution, without other types', () => {
  const code = `import Ductape, { DuctapeError, type IActionProcessorInput } from 'ductape-sdk';\nimport { literal } from '@ductape/sdk';
    const call: IActionProcessorInput = { app: 'a', input: { body: { note: literal('x') } } };
    export const answer: Promise<{ id: string }> = new Ductape({ accessKey: 'k' }).actions.run<{ id: string }>(call);
    // @ts-expect-error a call must name its app
    export const wrong: IActionProcessorInput = { env: 'dev' };
    export const error: DuctapeError | undefined = undefined;`;
  const systems: [string, ts.CompilerOptions][] = [
    ['types.mts', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ['types.cts', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ['types.ts', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
    ['types10.ts', { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10, esModuleInterop: true }],
  ];
  for (const [name, options] of systems) {
    writeFileSync(join(consumer, name), code);
    const program = ts.createProgram([join(consumer, name)], { ...options, strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] });
    assert.deepEqual(ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n')), [], name);
  }
});

test('the library imports nothing but itself', () => {
  const dist = new URL('../dist/', import.meta.url);
  for (const [build, pattern] of [['esm', /(?:from|import\()\s*['"]([^'"]+)['"]/g], ['cjs', /require\(['"]([^'"]+)['"]\)/g]] as const) {
    const files = readdirSync(new URL(`${build}/`, dist)).filter((f) => f.endsWith('.js'));
    assert.ok(files.length > 10);
    for (const f of files) {
      for (const [, name] of readFileSync(new URL(`${build}/${f}`, dist), 'utf8').matchAll(pattern)) assert.match(name!, /^\.\//, f);
    }
  }
});

test('the alias asks for this very version, and the lock names no host', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const { version, dependencies } = JSON.parse(read('../package.json'));
  const alias = JSON.parse(read('../../typescript-alias/package.json'));
  assert.equal(dependencies, undefined);
  assert.deepEqual([alias.version, alias.dependencies], [version, { '@ductape/sdk': version }]);
  assert.doesNotMatch(read('../package-lock.json'), /resolved|https?:\/\/registry/);
});

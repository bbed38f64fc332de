// The table is that of ductape.Literal in the Go module.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literal } from '@ductape/sdk';

test('literal doubles what could begin a reference', () => {
  const table: [string, string][] = [
    ['', ''],
    ['plain', 'plain'],
    ['$Secret{KEY}', '$$Secret{KEY}'],
    ['$$Secret{KEY}', '$$$$Secret{KEY}'],
    ['a $Session{user}{id} b $Now', 'a $$Session{user}{id} b $$Now'],
    ["$Uppercase('x')", "$$Uppercase('x')"],
    ["$& $1 $` $'", "$$& $$1 $$` $$'"],
  ];
  for (const [text, wanted] of table) assert.equal(literal(text), wanted);
});

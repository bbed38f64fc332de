// The table is that of ductape.Literal in the Go module, where each row is also
// evaluated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literal } from '@ductape/sdk';

test('literal gives a form that no reference can be made of', () => {
  const table: [string, string][] = [
    ['', ''],
    ['plain', '$Literal{cGxhaW4}'],
    ['$Session{x}', '$Literal{JFNlc3Npb257eH0}'],
    ['$Auth{token_access}{token}', '$Literal{JEF1dGh7dG9rZW5fYWNjZXNzfXt0b2tlbn0}'],
    ['{pin}', '$Literal{e3Bpbn0}'],
    ['Now', '$Literal{Tm93}'],
    ['()', '$Literal{KCk}'],
    ['$Literal{YQ}', '$Literal{JExpdGVyYWx7WVF9}'],
    ['größe 🎉', '$Literal{Z3LDtsOfZSDwn46J}'],
    ['???>>>', '$Literal{Pz8_Pj4-}'],
    ['a\0\n"\'\\', '$Literal{YQAKIidc}'],
    ['a\ud800', '$Literal{Ye-_vQ}'],
  ];
  for (const [text, wanted] of table) assert.equal(literal(text), wanted);
});

test('long text', () => {
  const text = 'größe 🎉$Secret{ü}'.repeat(20_000);
  const [, base64] = /^\$Literal\{([A-Za-z0-9_-]+)\}$/.exec(literal(text)) ?? [];
  assert.equal(Buffer.from(base64 ?? '', 'base64url').toString(), text);
});

// The table is that of ductape.Literal in the Go module, where each row is also
// evaluated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literal } from '@ductape/sdk';

test('literal escapes what could begin a reference, and nothing else', () => {
  const table: [string, string][] = [
    ['', ''],
    ['plain', 'plain'],
    ['costs $5 or $$5', 'costs $5 or $$5'],
    ['$foo ${x} $(x)', '$foo ${x} $(x)'],
    ['$Session{x}', '$$Session{x}'],
    ['a $$Session{x}', 'a $$$$Session{x}'],
    ['$Now.', '$$Now.'],
    ['$Nowhere x $Now_x', '$Nowhere x $Now_x'],
    ['$Uppercase($Session{x})', '$$Uppercase($$Session{x})'],
    ['5 $', "5 $$$Trim('')"],
    ['5 $Sec', "5 $Sec$Trim('')"],
    ['$Now', "$$Now$Trim('')"],
    ['$A$', "$A$$$Trim('')"],
    ['Secret{KEY}', "$Trim('')Secret{KEY}"],
    ["$& $1 $` $'", "$& $1 $` $'"],
    ['größe $Ünow{x} 🎉$Secret{ü}', 'größe $Ünow{x} 🎉$$Secret{ü}'],
  ];
  for (const [text, wanted] of table) assert.equal(literal(text), wanted);
});

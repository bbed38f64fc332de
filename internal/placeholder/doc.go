// Package placeholder reads and fills the references that stand in text, such
// as $Session{user}{id}, and the functions around them, such as
// $Uppercase($Session{user}{name}).
//
// Start with Parse, which gives a Template, and Template.Eval or EvalText,
// which fill it from a Resolver. RenderJSON does both for every string value
// of a JSON document. Maybe and HasRefs say cheaply when there is nothing to do.
//
// What it promises:
//
//   - A value that was filled in is never read again as a template.
//   - Text without a placeholder comes back byte for byte.
//   - A text that is exactly one placeholder keeps the type of its value.
//   - Work is bounded: nesting to depth 32, 10,000 steps, 1 MB of output. An
//     Evaluation shares these bounds among all the templates of one call, and
//     those of the values that they refer to.
//   - Messages of errors name references, functions and types, never values.
//
// # What is a placeholder
//
// A $ begins a placeholder when the name of a known reference and "{" follow it,
// the name of a known function and "(", or Now, alone. Any other $ is plain text:
// $5, $foo, ${x}, $Unknown{x}, $$5.
//
// To write such text literally, double the $. Exactly: where a run of $ stands
// before something of the shape of a placeholder (a capital letter, letters or
// digits, then "{" or "("; or the word Now), every two of them are one $, and an
// odd one left over begins the placeholder. The shape counts, not the list of
// known names, so that text which was escaped for an older version stays text in
// a newer one. Before anything else $$ are two.
//
// Text that a program puts together is written $Literal{…}, which ductape.Literal
// makes: base64url without padding of the text, in exactly one pair of braces. It
// is text and joins with nothing: every $ before its own is plain text and does
// not pair up with it, and what follows its brace is not a part of it. Where the
// braces hold anything else it is no $Literal but plain text.
package placeholder

/** A placeholder that gives empty text. */
const apart = "$Trim('')";

/** A capital letter, then letters and digits. */
const name = /^[A-Z][A-Za-z0-9]*/;

/** What would begin a reference after a `$`: a name with `{` or `(`, or the word Now. */
const shape = /^(?:[A-Z][A-Za-z0-9]*[{(]|Now(?![A-Za-z0-9_]))/;

/**
 * Returns text that a call sends as it is, whatever it holds. Use it around
 * text that comes from users.
 *
 * ```ts
 * await ductape.actions.run({ ..., input: { body: { note: `From ${literal(name)}` } } });
 * ```
 *
 * Most text comes back unchanged; what could begin a reference is escaped, also
 * where it would only do so together with what is written before or after it:
 * a run of `$` before something of a reference's shape is doubled; a `$`, or a
 * `$` and the beginning of a name, at the end is kept apart from what follows,
 * and `Name{` or `Name(` at the beginning from what precedes, by a placeholder
 * that is empty. So `literal(a) + literal(b)` is sent as `a + b`.
 *
 * The rule is that of `ductape.Literal` in the Go module; change both together.
 */
export function literal(text: string): string {
  const start = /^[A-Z][A-Za-z0-9]*[{(]/.test(text) ? apart : '';
  return start + text.replace(/(\$+)([^$]*)/g, (_, run: string, after: string, at: number, whole: string) => {
    const rest = whole.slice(at + run.length);
    const doubled = rest === '' || shape.test(rest) ? run + run : run;
    const ends = rest.replace(name, '') === '';
    return doubled + after + (ends ? apart : '');
  });
}

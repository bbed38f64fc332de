/**
 * Returns text that a call sends as it is: every `$` that could begin a
 * reference is doubled. Use it around text that comes from users.
 *
 * ```ts
 * await ductape.actions.run({ ..., input: { body: { note: literal(userText) } } });
 * ```
 *
 * The rule is that of `ductape.Literal` in the Go module; change both together.
 */
export function literal(text: string): string {
  return text.split('$').join('$$');
}

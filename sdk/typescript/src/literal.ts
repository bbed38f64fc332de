/** Bytes that are turned into characters at once: arguments of a call are limited. */
const chunk = 0x2000;

/**
 * Returns text in a form that a call sends as that text, whatever it holds. Use
 * it around text that comes from users, in values of the input.
 *
 * ```ts
 * await ductape.actions.run({ ..., input: { body: { note: `From ${literal(name)}` } } });
 * ```
 *
 * Nothing in it can become a reference, nor join with what is written before or
 * after it: `literal(a) + literal(b)` is sent as `a + b`. The form is
 * `$Literal{…}` around the text in base64url without padding (RFC 4648, section
 * 5); of the empty text it is empty. Half a surrogate pair becomes U+FFFD.
 *
 * The form is that of `ductape.Literal` in the Go module.
 */
export function literal(text: string): string {
  if (text === '') return '';
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += chunk) binary += String.fromCharCode(...bytes.subarray(at, at + chunk));
  const base64 = btoa(binary).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  return `$Literal{${base64}}`;
}

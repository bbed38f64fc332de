import { DuctapeError } from './error.js';

/** Returns the value of a field that has two names; both must agree where both are given. */
export function either<K extends string>(from: { [name in K]?: string }, name: K, other: K): string | undefined {
  const [a, b] = [from[name], from[other]];
  if (a && b && a !== b) {
    throw new DuctapeError('invalid_input', `${name} is ${JSON.stringify(a)} but ${other} is ${JSON.stringify(b)}: they are one field`, {
      problems: [{ where: other, message: `differs from ${name}` }],
      hint: `give ${name} only`,
    });
  }
  return a || b;
}

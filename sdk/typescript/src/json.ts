import { DuctapeError, type Problem } from './error.js';
import { isBlob, isFile, type DuctapeFile } from './file.js';

/** How deep a value may nest. */
const maxDepth = 500;

/**
 * Writes a value as JSON, as `JSON.stringify` does, with three differences:
 * a bigint becomes its digits, a file becomes what the server takes, and what
 * JSON would silently lose (a Map, NaN, a Promise nobody awaited) is an error
 * that lists every such place.
 */
export async function writeJSON(value: unknown): Promise<string> {
  const writer = new Writer();
  const text = writer.write(value, '');
  if (writer.problems.length > 0) throw notJSON(writer.problems);
  return text === undefined ? 'null' : fill(text, writer.files);
}

function notJSON(problems: Problem[]): DuctapeError {
  const first = problems[0]!;
  const rest = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new DuctapeError('invalid_input', `${first.where || 'the value'}: ${first.message}${rest}`, { problems });
}

/** A token that no JSON text holds outside a string, where a control character must be escaped. */
const hole = '\u0000';

async function fill(text: string, files: DuctapeFile[]): Promise<string> {
  if (files.length === 0) return text;
  const parts = text.split(hole);
  let out = parts[0]!;
  for (const [i, f] of files.entries()) out += JSON.stringify(await f.encode()) + parts[i + 1]!;
  return out;
}

class Writer {
  readonly problems: Problem[] = [];
  readonly files: DuctapeFile[] = [];
  readonly #open = new Set<object>();

  /** Returns undefined for what JSON leaves out: undefined, functions, symbols. */
  write(value: unknown, where: string): string | undefined {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return JSON.stringify(value);
      case 'bigint':
        return value.toString();
      case 'number':
        return Number.isFinite(value) ? String(Object.is(value, -0) ? 0 : value) : this.refuse(where, `${value} is not a number that JSON can write`);
      case 'object':
        return value === null ? 'null' : this.#object(value, where);
      default:
        return undefined;
    }
  }

  refuse(where: string, message: string): string {
    this.problems.push({ where, message });
    return 'null';
  }

  #object(value: object, where: string): string | undefined {
    if (isFile(value)) return this.#file(value);
    if (this.#open.has(value)) return this.refuse(where, 'the value contains itself');
    if (this.#open.size >= maxDepth) return this.refuse(where, `nested deeper than ${maxDepth} levels`);
    this.#open.add(value);
    try {
      return this.#members(value, where);
    } finally {
      this.#open.delete(value);
    }
  }

  #file(value: DuctapeFile): string {
    this.files.push(value);
    return hole;
  }

  #members(value: object, where: string): string | undefined {
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.write(value.toJSON(), where);
    if (value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof BigInt) return this.write(value.valueOf(), where);
    const lost = whyLost(value);
    if (lost) return this.refuse(where, lost);
    if (Array.isArray(value)) return `[${Array.from(value, (v, i) => this.write(v, `${where}[${i}]`) ?? 'null').join(',')}]`;
    return `{${this.#pairs(value, where).join(',')}}`;
  }

  #pairs(value: object, where: string): string[] {
    const pairs: string[] = [];
    for (const [key, member] of Object.entries(value)) {
      const text = this.write(member, where ? `${where}.${key}` : key);
      if (text !== undefined) pairs.push(`${JSON.stringify(key)}:${text}`);
    }
    return pairs;
  }
}

/** Says why JSON cannot hold an object, where JSON.stringify would lose it without a word. */
function whyLost(value: object): string | undefined {
  if (Array.isArray(value)) return undefined;
  if (isBlob(value) || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return 'bytes cannot stand in JSON: wrap them with file(data, { filename, contentType })';
  if (value instanceof Promise) return 'a Promise cannot stand in JSON: await it first';
  if (Symbol.iterator in value) return `a ${value.constructor?.name || 'collection'} cannot stand in JSON: make an array or a plain object of it`;
  return undefined;
}

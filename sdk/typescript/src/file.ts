import { literal } from './literal.js';

/** What a file may be made of. Text is sent as UTF-8. */
export type FileData = Blob | Uint8Array | ArrayBuffer | string;

/** How a file is announced to the API. */
export interface FileOptions {
  /**
   * Defaults to the name of a `File`, else `file`. Like all text of an input it
   * may hold references: put a name that a user chose into {@link literal}. The
   * name of a `File` is sent as it is.
   */
  filename?: string;
  /** Media type. Defaults to that of the `Blob`, `text/plain` for text, else `application/octet-stream`. */
  contentType?: string;
}

/** A file as the server takes it. */
export interface EncodedFile {
  filename: string;
  content_type: string;
  base64: string;
}

/** Marks files, also those that the package's other build (ESM or CommonJS) made. */
const mark = Symbol.for('@ductape/sdk file');

/** A file within the input of a call. Make one with {@link file}. */
export class DuctapeFile {
  /** The name the API sees. */
  readonly filename: string;
  /** The media type the API sees. */
  readonly contentType: string;
  readonly #data: FileData;
  /** The name as it stands in the input. */
  readonly #written: string;

  constructor(data: FileData, options: FileOptions = {}) {
    this.#data = data;
    this.filename = options.filename ?? (nameOf(data) || 'file');
    this.#written = options.filename ?? plain(this.filename);
    this.contentType = options.contentType ?? (typeOf(data) || 'application/octet-stream');
    Object.defineProperty(this, mark, { value: true });
  }

  /** Reads the data and returns the file as the server takes it. */
  async encode(): Promise<EncodedFile> {
    return { filename: this.#written, content_type: this.contentType, base64: base64(await bytesOf(this.#data)) };
  }
}

/**
 * Puts a file into the input of a call, for actions that take
 * multipart/form-data.
 *
 * ```ts
 * input: { body: { purpose: 'logo', file: file(bytes, { filename: 'logo.png', contentType: 'image/png' }) } }
 * ```
 *
 * It goes out as `{"filename", "content_type", "base64"}`. The data is read
 * when the call is made; a `Blob` need not be awaited first.
 */
export function file(data: FileData, options?: FileOptions): DuctapeFile {
  return new DuctapeFile(data, options);
}

/** Writes a name that nobody meant as a template: users choose those of their files. */
function plain(name: string): string {
  return name.includes('$') ? literal(name) : name;
}

function nameOf(data: FileData): string {
  return typeof data === 'object' && 'name' in data && typeof data.name === 'string' ? data.name : '';
}

function typeOf(data: FileData): string {
  if (typeof data === 'string') return 'text/plain; charset=utf-8';
  return isBlob(data) ? data.type : '';
}

async function bytesOf(data: FileData): Promise<Uint8Array> {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  if (isBlob(data)) return new Uint8Array(await data.arrayBuffer());
  return data instanceof Uint8Array ? data : new Uint8Array(data);
}

/** Reports whether a value was made by {@link file}. */
export function isFile(value: object): value is DuctapeFile {
  return mark in value;
}

/** Reports whether a value is a Blob or a File of this runtime. */
export function isBlob(value: unknown): value is Blob {
  return typeof Blob !== 'undefined' && value instanceof Blob;
}

/** btoa takes one character a byte; a multiple of 3 leaves no padding between chunks. */
const chunk = 3 * 8192;

function base64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += chunk) out += btoa(String.fromCharCode(...bytes.subarray(i, i + chunk)));
  return out;
}

/** A Content-Type, taken apart. */
export interface MediaType {
  /** Type and subtype in lower case; empty when there was none. */
  type: string;
  /** The charset parameter in lower case, where given. */
  charset?: string;
  /** Whether the body is one JSON value: `application/json` or `+json`. */
  isJSON: boolean;
  /** Whether the body is JSON values, one a line. */
  isLines: boolean;
  /** Whether the body is a JSON text sequence (RFC 7464). */
  isSequence: boolean;
  /** Whether the body is text of another kind. */
  isText: boolean;
}

/** None of these names is registered; APIs use them all. */
const lineTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonl', 'application/jsonlines', 'application/x-jsonlines', 'application/x-json-stream', 'application/stream+json'];

/** Takes a Content-Type header apart (RFC 9110 section 8.3.1). */
export function parseMediaType(header: string | null | undefined): MediaType {
  const type = (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(header ?? '')?.[1]?.toLowerCase();
  const isLines = lineTypes.includes(type);
  const isSequence = type === 'application/json-seq' || type.endsWith('+json-seq');
  const isJSON = !isLines && (type === 'application/json' || type === 'text/json' || type.endsWith('+json'));
  const isText = !isJSON && (type.startsWith('text/') || type === 'application/xml' || type.endsWith('+xml') || type === 'application/x-www-form-urlencoded');
  return { type, charset, isJSON, isLines, isSequence, isText };
}

/** Decodes bytes as their charset says, as UTF-8 when it is unknown. */
export function decodeText(bytes: Uint8Array, charset?: string): string {
  return decoderOf(charset).decode(bytes);
}

/**
 * Decodes the bytes of JSON. JSON is UTF-8 and has no charset (RFC 8259
 * sections 8.1 and 11); where the bytes are not UTF-8, what the API calls them
 * is the next best.
 */
export function decodeJSON(bytes: Uint8Array, charset?: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeText(bytes, charset);
  }
}

function decoderOf(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    return new TextDecoder();
  }
}

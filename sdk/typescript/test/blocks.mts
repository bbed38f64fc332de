// Finds the TypeScript in a document: fenced blocks, or, in the text of a web
// page that has lost its fences, what reads as code.

/** One block of code of a document. */
export interface Block {
  /** Name of the document. */
  file: string;
  /** Its place among the document's blocks, from 0. */
  index: number;
  /** The code as written. */
  code: string;
}

/** Returns the TypeScript blocks of a document, in order. */
export function blocksOf(file: string, text: string): Block[] {
  const fenced = [...text.matchAll(/^```(?:ts|typescript)[ \t]*\r?\n([\s\S]*?)^```/gm)].map((m) => m[1]!);
  const codes = fenced.length > 0 ? fenced : unfenced(text);
  return codes.map((code, index) => ({ file, index, code: code.trim() }));
}

const opening = /^(import|const|let|await|interface|type|console\.)/;

/** Takes statements that follow each other, with nothing but empty lines between, as one block. */
function unfenced(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const blocks: string[] = [];
  let block: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = opening.test(lines[at]!) ? statementEnd(lines, at) : at;
    if (end > at) block.push(...lines.slice(at, end));
    else if (lines[at]!.trim() !== '') block = flush(blocks, block);
    at = Math.max(end, at + 1);
  }
  flush(blocks, block);
  return blocks;
}

function flush(blocks: string[], block: string[]): string[] {
  if (block.length > 0) blocks.push(block.join('\n'));
  return [];
}

/** Returns the line behind the statement that begins at a line, or that line itself when it is none. */
function statementEnd(lines: string[], from: number): number {
  let open = 0;
  for (let at = from; at < lines.length; at++) {
    const code = withoutText(lines[at]!);
    open += count(code, /[([{]/g) - count(code, /[)\]}]/g);
    if (open === 0) return /[;})]\s*$/.test(code) ? at + 1 : from;
  }
  return from;
}

function withoutText(line: string): string {
  return line.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g, "''").replace(/\/\/.*$/, '');
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

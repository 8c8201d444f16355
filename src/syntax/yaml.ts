// YAML texts as values that still know their lines. It must not know what the values mean.

import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Documents } from '../ports.ts';

/** More is not a settings file, and aliases in it could grow without end. */
const largest = 64 * 1024;

export function createDocuments(): Documents {
  return { readYaml };
}

function readYaml(text: string): ReturnType<Documents['readYaml']> {
  const lines = new LineCounter();
  const tooLong = text.length > largest;
  const document = parseDocument(tooLong ? '' : text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const errors = document.errors.map((error) => ({ line: at(error.pos[0]), message: error.message }));
  if (tooLong) errors.push({ line: 1, message: `the file is longer than ${largest} characters` });
  const value = errors.length > 0 ? null : plainValue(document, errors);
  return { value, errors, lineOf: (path) => at(offsetOf(document, path)) };
}

function plainValue(document: Document.Parsed, errors: { line: number; message: string }[]): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    errors.push({ line: 1, message: error instanceof Error ? error.message : 'it cannot be read' });
    return null;
  }
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    const found = stepInto(node, step);
    if (found === null) return offset;
    ({ node, offset } = found);
  }
  return offset;
}

type Step = { node: Node | null; offset: number };

function stepInto(node: Node | null, step: PropertyKey): Step | null {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === step);
    if (!pair || !isScalar(pair.key)) return null;
    return { node: (pair.value ?? null) as Node | null, offset: pair.key.range?.[0] ?? 0 };
  }
  if (!isSeq(node) || typeof step !== 'number') return null;
  const item = node.items[step] as Node | undefined;
  return item ? { node: item, offset: item.range?.[0] ?? 0 } : null;
}

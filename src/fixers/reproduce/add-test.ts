// Adds a test to the end of a test file that is there, with the names it needs brought in.
// Every other character stays as it is.

import path from 'node:path';
import type { Node } from 'ts-morph';
import type { Manner } from './manner.ts';
import { bring } from './manner.ts';
import type { Subject } from './subject.ts';
import { specifierOf, testText } from './test-text.ts';

type Adding = {
  root: string;
  file: string;
  manner: Manner;
  subject: Subject;
  test: { name: string; body: string; isAsync: boolean; needs: Map<string, Node> };
};

/** The file with the test; null when the names it needs cannot be brought in without touching other lines. */
export function withTest(text: string, adding: Adding): string | null {
  const { manner, subject, test, root } = adding;
  const wanted: Brought[] = [{ ...subject.imported, module: subject.path }];
  for (const [name, node] of test.needs) {
    const module = path.relative(root, node.getSourceFile().getFilePath()).split(path.sep).join('/');
    wanted.push({ name, isDefault: false, module });
  }
  if (!knows(text, manner)) return null;
  let result: string | null = text;
  for (const one of wanted) result = result === null ? null : withName(result, one, adding);
  if (result === null) return null;
  const end = result.endsWith('\n') ? '' : manner.eol;
  return `${result}${end}${manner.eol}${testText(test, manner)}`;
}

/** The file has what a test is declared and asserted with. */
function knows(text: string, { declare, assert }: Manner): boolean {
  const declared = new RegExp(`^\\s*${declare}(?:\\.\\w+)*\\(`, 'm').test(text);
  return declared && new RegExp(`\\b${assert}\\b`).test(text);
}

type Brought = { name: string; isDefault: boolean; module: string };

function withName(text: string, { name, isDefault, module }: Brought, adding: Adding): string | null {
  const { manner } = adding;
  const specifier = specifierOf(module, adding);
  const line = importOf(text, specifier);
  if (!line) return withLine(text, bring(isDefault ? name : `{ ${name} }`, specifier, manner), manner);
  if (new RegExp(`[\\s{,]${name}[\\s},]`).test(line)) return text;
  if (isDefault || !/\{[^}]*\}/.test(line) || /\btype\b/.test(line)) return null;
  const extended = line.replace(
    /\s*,?\s*\}/,
    (end) => `, ${name}${end.replace(/^\s*,/, '').replace(/^\s*(?=\})/, ' ')}`,
  );
  return text.replace(line, () => extended);
}

/** The statement that brings names from that module, over one line or several. */
function importOf(text: string, specifier: string): string | null {
  const quoted = `["']${specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}["']`;
  const found = new RegExp(
    `^(?:import\\s[^;]*?from\\s*${quoted}|const\\s[^;=]*=\\s*require\\(${quoted}\\))`,
    'm',
  );
  return found.exec(text)?.[0] ?? null;
}

/** After the last import of the head. */
function withLine(text: string, line: string, { eol }: Manner): string {
  const imports = [
    ...text.matchAll(
      /^(?:import\b[^;]*?(?:from\s*)?["'][^"']+["'];?|const\s[^=\n]*=\s*require\([^)]*\);?)/gm,
    ),
  ];
  const last = imports.at(-1);
  if (!last) return `${line}${eol}${eol}${text}`;
  const end = last.index + last[0].length;
  return `${text.slice(0, end)}${eol}${line}${text.slice(end)}`;
}

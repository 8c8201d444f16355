// Reads every test with its failure out of node:test's TAP. What a test prints comes as a remark and is not read.

import { parse } from 'yaml';
import { z } from 'zod';
import type { TestOutcome } from '../domain/proof/reproduction.ts';
import { framesIn } from './stack.ts';

const details = z.object({
  type: z.string().catch('test'),
  failureType: z.string().optional().catch(undefined),
  error: z.coerce.string().catch(''),
  name: z.string().catch('Error'),
  stack: z.string().catch(''),
});

const result = /^( *)(not ok|ok) \d+ - (.+)$/;
const subtest = /^( *)# Subtest: (.+)$/;

/** `suite > test` for each; suites and what was skipped are left out. */
export function tapOutcomes(output: string, root: string): TestOutcome[] {
  const lines = output.split(/\r?\n/);
  const open: string[] = [];
  return lines.flatMap((line, index) => {
    const start = subtest.exec(line);
    if (start) {
      open.length = depthOf(start[1]);
      open.push(start[2] ?? '');
    }
    const told = result.exec(line);
    if (!told || / # (?:SKIP|TODO)/i.test(line)) return [];
    const name = [...open.slice(0, depthOf(told[1])), told[3] ?? ''].join(' > ');
    return outcomeOf(name, told[2] === 'ok', { block: blockAfter(lines, index), root });
  });
}

function outcomeOf(
  name: string,
  passed: boolean,
  { block, root }: { block: string; root: string },
): TestOutcome[] {
  const read = details.safeParse(parsed(block)).data;
  if (read?.type === 'suite') return [];
  if (passed) return [{ name, thrown: null }];
  if (read?.failureType === 'subtestsFailed') return [];
  const thrown = { type: read?.name ?? null, message: read?.error ?? '' };
  return [{ name, thrown: { ...thrown, frames: framesIn(read?.stack ?? '', root) } }];
}

function parsed(block: string): unknown {
  try {
    return parse(block, { maxAliasCount: 0 });
  } catch {
    return null;
  }
}

/** Between `---` and `...`, without its indent. */
function blockAfter(lines: readonly string[], index: number): string {
  const first = lines[index + 1] ?? '';
  if (first.trim() !== '---') return '';
  const indent = first.indexOf('-');
  const closing = `${' '.repeat(indent)}...`;
  const end = lines.findIndex((line, at) => at > index + 1 && line === closing);
  const inner = lines.slice(index + 2, end < 0 ? index + 2 : end);
  return inner.map((line) => line.slice(indent)).join('\n');
}

function depthOf(indent: string | undefined): number {
  return Math.floor((indent?.length ?? 0) / 4);
}

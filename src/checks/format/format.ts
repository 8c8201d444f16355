// Formats some lines of a file as the project's own formatter would, and no other line.
// A formatter that fails, or that is not there, leaves the file as it is.

import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { diffArrays } from 'diff';
import { Refusal } from '../../domain/failure.ts';
import { formatterOf } from './formatters.ts';
import { type Ground, runOnGround } from '../ground.ts';

const longest = 1024 * 1024;
const timeoutMs = 60_000;

/** The file's text with those lines (1-based) formatted; null when nothing is to be changed. */
export async function formatLines(
  file: string,
  lines: readonly number[],
  { root, ground }: { root: string; ground: Ground },
): Promise<string | null> {
  const place = path.join(root, file);
  const found = await lstat(place).catch(() => null);
  if (!found?.isFile() || found.size > longest || (await realpath(place)) !== place) return null;
  const text = await readFile(place, 'utf8');
  const formatted = await formattedText(file, text, { root, ground });
  const result = formatted === null ? text : withLines(text, formatted, new Set(lines));
  return result === text ? null : result;
}

async function formattedText(
  file: string,
  input: string,
  { root, ground }: { root: string; ground: Ground },
): Promise<string | null> {
  const found = await formatterOf(file, root);
  if (!found) return null;
  const { formatter, folder } = found;
  const command = formatter.command(path.posix.relative(folder, file), { root, folder });
  try {
    const result = await runOnGround(ground, { command, root, folder, input, timeoutMs });
    const ended = result.exitCode === 0 || result.exitCode === formatter.mayEndWith;
    if (!ended || result.timedOut || result.truncated || result.stdout.trim() === '') return null;
    return formatter.read ? formatter.read(result.stdout) : result.stdout;
  } catch (error) {
    // Set up in the project, and not on this machine.
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Of what the formatter would change, only what touches one of the lines. */
export function withLines(text: string, formatted: string, lines: ReadonlySet<number>): string {
  let at = 1;
  return blocksOf(text, formatted)
    .flatMap((block) => {
      const from = at;
      at += block.old.length;
      return chosen(block, from, lines);
    })
    .join('');
}

/** What stood there, and what would stand there; the same where nothing changes. */
type Block = { old: string[]; now: string[] };

function blocksOf(text: string, formatted: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  for (const part of diffArrays(linesOf(text), linesOf(formatted))) {
    if (!part.added && !part.removed) {
      blocks.push({ old: part.value, now: part.value });
      open = null;
      continue;
    }
    if (!open) blocks.push((open = { old: [], now: [] }));
    (part.added ? open.now : open.old).push(...part.value);
  }
  return blocks;
}

function chosen({ old, now }: Block, from: number, lines: ReadonlySet<number>): string[] {
  // Line for line, where each has its counterpart.
  if (old.length === now.length)
    return old.map((line, index) => (lines.has(from + index) ? (now[index] ?? line) : line));
  // What only comes belongs to the lines on both sides of it.
  const [first, last] = old.length === 0 ? [from - 1, from] : [from, from + old.length - 1];
  const isTouched = [...lines].some((line) => line >= first && line <= last);
  return isTouched ? now : old;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

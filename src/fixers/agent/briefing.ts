// What of the worktree goes into the first prompt: the code round the crash, and the repository's own instructions.

import { randomBytes } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { firstPrompt, type PromptInput } from '../../domain/agent/agent-prompt.ts';
import type { FixerWork, FixTask } from '../../ports.ts';

export type Briefing = { marker: string; text: string };

const linesAround = 40;
const instructionFiles = ['AGENTS.md', 'CLAUDE.md'];

/** Takes the folder the agent works in. */
export async function brief(task: FixTask, dir: string, { rules }: FixerWork): Promise<Briefing> {
  const marker = randomBytes(8).toString('hex');
  const text = firstPrompt({
    ...task,
    marker,
    rules,
    code: await readCode(task, dir),
    instructions: await readInstructions(dir),
  });
  return { marker, text };
}

async function readCode({ location: { suspect } }: FixTask, dir: string): Promise<PromptInput['code']> {
  const text = suspect && (await readPlainFile(path.join(dir, suspect.path)));
  if (!suspect || text === null || text === '') return null;
  const firstLine = Math.max(1, suspect.line - linesAround);
  const lines = text.split('\n').slice(firstLine - 1, suspect.line + linesAround);
  return { path: suspect.path, firstLine, text: lines.join('\n') };
}

/** Two names for one text are told once. */
async function readInstructions(dir: string): Promise<{ path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  for (const name of instructionFiles) {
    const text = await readPlainFile(path.join(dir, name));
    if (text !== null && text.trim() !== '' && found.every((one) => one.text !== text))
      found.push({ path: name, text });
  }
  return found;
}

const largest = 1024 * 1024;

async function readPlainFile(file: string): Promise<string | null> {
  const found = await lstat(file).catch(() => null);
  return found?.isFile() && found.size <= largest ? readFile(file, 'utf8') : null;
}

// What was said between us and an agent, for the operator alone: one line of JSON each, without secrets, bounded.
// It must not be published; it may quote the event and the code at length.

import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { censor, censorShapes } from '../../run/censor.ts';

export type Transcript = {
  readonly file: string;
  write(kind: string, content: unknown): void;
  /** Resolves when all of it is on the disk. Never throws: a fix does not fail for want of a record. */
  close(): Promise<void>;
};

const mostBytes = 4 * 1024 * 1024;
const mostFiles = 100;
const longestLine = 20_000;

/** Begins one; the oldest go. */
export async function openTranscript(
  dataDir: string,
  name: string,
  { secrets, now }: { secrets: readonly string[]; now: number },
): Promise<Transcript> {
  const folder = path.join(dataDir, 'transcripts');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await dropOldest(folder);
  const time = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const file = path.join(folder, `${time}-${name.replaceAll(/[^\w-]/g, '_').slice(0, 60)}.jsonl`);
  let bytes = 0;
  let writing = Promise.resolve();
  return {
    file,
    write: (kind, content) => {
      if (bytes > mostBytes) return;
      const text = censorShapes(censor(JSON.stringify({ at: Date.now(), kind, content }), secrets));
      const line = text.length > longestLine ? JSON.stringify(`${text.slice(0, longestLine)}…`) : text;
      bytes += line.length;
      writing = writing.then(() => appendFile(file, `${line}\n`, { mode: 0o600 })).catch(() => undefined);
    },
    close: () => writing,
  };
}

async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).toSorted();
  for (const name of names.slice(0, Math.max(0, names.length - mostFiles + 1)))
    await rm(path.join(folder, name), { force: true });
}

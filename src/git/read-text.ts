// Reads files at a commit as text. Calls made together share two git processes.
// It must not guess: what is not plain UTF-8 text of a sane size is null.

import { Bug } from '../domain/failure.ts';
import { gitOfCommit, type Place, splitNul, textOfCommit } from './git.ts';

const largest = 2 * 1024 * 1024;
/** Keeps the arguments short and a batch's memory bounded. */
const batchSize = 200;

type Wanted = {
  commit: string;
  path: string;
  resolve: (text: string | null) => void;
  reject: (error: unknown) => void;
};

/** A reader that gathers the calls of one turn of the event loop into batches. */
export function createTextReader(place: Place): (commit: string, path: string) => Promise<string | null> {
  let waiting: Wanted[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (const group of Map.groupBy(all, (wanted) => wanted.commit).values()) {
      for (let start = 0; start < group.length; start += batchSize)
        void readBatch(place, group.slice(start, start + batchSize));
    }
  };
  return (commit, path) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ commit, path, resolve, reject });
    });
}

async function readBatch(place: Place, batch: readonly Wanted[]): Promise<void> {
  try {
    const blobs = await findBlobs(place, batch);
    const texts = await readBlobs(place, [...new Set(blobs.values())]);
    for (const wanted of batch) wanted.resolve(texts.get(blobs.get(wanted.path) ?? '') ?? null);
  } catch (error) {
    for (const wanted of batch) wanted.reject(error);
  }
}

/** Path to blob id for plain files within the size; all of one commit. */
async function findBlobs(place: Place, batch: readonly Wanted[]): Promise<Map<string, string>> {
  const paths = [...new Set(batch.map((wanted) => wanted.path))];
  const text = await textOfCommit(place, [
    'ls-tree',
    '-z',
    '-l',
    '--full-tree',
    batch[0]?.commit ?? '',
    '--',
    ...paths,
  ]);
  const found = new Map<string, string>();
  for (const line of splitNul(text)) {
    const match = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t([\s\S]+)$/.exec(line);
    if (match?.[1] && match[3] && Number(match[2]) <= largest) found.set(match[3], match[1]);
  }
  return found;
}

async function readBlobs(place: Place, ids: readonly string[]): Promise<Map<string, string | null>> {
  const texts = new Map<string, string | null>();
  if (ids.length === 0) return texts;
  const output = await gitOfCommit(place, ['cat-file', '--batch'], { input: `${ids.join('\n')}\n` });
  let position = 0;
  for (const id of ids) {
    const headerEnd = output.stdout.indexOf(10, position);
    const header = output.stdout.toString('latin1', position, Math.max(position, headerEnd));
    const size = new RegExp(`^${id} blob (\\d+)$`).exec(header)?.[1];
    if (size === undefined)
      throw new Bug(`git could not read object ${id} in ${place.gitDir}. ${output.stderr}`);
    const end = headerEnd + 1 + Number(size);
    texts.set(id, asText(output.stdout.subarray(headerEnd + 1, end)));
    position = end + 1;
  }
  return texts;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Git's own rule for binary (a NUL near the start), and nothing that would not survive a rewrite. */
function asText(bytes: Buffer): string | null {
  if (bytes.subarray(0, 8000).includes(0)) return null;
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

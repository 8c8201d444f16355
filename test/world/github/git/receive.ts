// The push conversation of git's smart HTTP: reads what a push wants and words a refusal as GitHub does.
// Stores nothing; an allowed push is carried out by git itself.

import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { git, gitOrNull } from './git.ts';
import { zeroSha } from './repository.ts';

export type RefChange = { ref: string; before: string; after: string };
export type Push = { changes: RefChange[]; pack: Buffer };

/** The commands at the head of a receive-pack request, and the pack after them. */
export function parsePush(body: Buffer): Push {
  const changes: RefChange[] = [];
  let at = 0;
  while (at + 4 <= body.length) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (length < 4) return { changes, pack: body.subarray(at + 4) };
    const line = body.toString('utf8', at + 4, at + length);
    const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line) ?? [];
    if (before && after && ref) changes.push({ before, after, ref });
    at += length;
  }
  return { changes, pack: Buffer.alloc(0) };
}

const packet = (bytes: Buffer | string): Buffer => {
  const content = Buffer.from(bytes);
  return Buffer.concat([Buffer.from((content.length + 4).toString(16).padStart(4, '0')), content]);
};
const flush = Buffer.from('0000');
const channel = (number: number, bytes: Buffer | string): Buffer =>
  packet(Buffer.concat([Buffer.from([number]), Buffer.from(bytes)]));

/** What one ref is refused for: the words beside the ref, and the lines after `remote:`. */
export type PushRefusal = { ref: string; reason: string; remote: string[] };

/** An answer that refuses every ref of the push; refs without a refusal of their own fall with the others. */
export function refusePush(push: Push, refusals: readonly PushRefusal[]): Buffer {
  const lines = refusals.flatMap((one) => one.remote).map((line) => `${line}\n`);
  const reasonFor = (ref: string) =>
    refusals.find((one) => one.ref === ref)?.reason ?? 'push declined due to repository rule violations';
  const report = Buffer.concat([
    packet('unpack ok\n'),
    ...push.changes.map((change) => packet(`ng ${change.ref} ${reasonFor(change.ref)}\n`)),
    flush,
  ]);
  return Buffer.concat([...lines.map((line) => channel(2, line)), channel(1, report), flush]);
}

/** The workflow files that commits of this push touch and the repository does not have yet. */
export async function touchedWorkflows(dir: string, push: Push): Promise<string[]> {
  const tips = push.changes.map((change) => change.after).filter((sha) => sha !== zeroSha);
  if (tips.length === 0) return [];
  const quarantine = await mkdtemp(join(dir, 'quarantine-'));
  try {
    await mkdir(join(quarantine, 'pack'), { recursive: true });
    const env = {
      GIT_OBJECT_DIRECTORY: quarantine,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(dir, 'objects'),
    };
    if (push.pack.length > 0) await git(dir, ['unpack-objects', '-q'], { env, input: push.pack });
    const args = ['log', '--format=', '--name-only', ...tips, '--not', '--all', '--', '.github/workflows'];
    const out = await gitOrNull(dir, args, { env });
    return [...new Set((out ?? '').split('\n').filter(Boolean))];
  } finally {
    await rm(quarantine, { recursive: true, force: true });
  }
}

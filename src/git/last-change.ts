// Who last changed a line. It must not say more than git does: a name as the commit has it, no address.

import type { LineAuthor } from '../domain/finding.ts';
import { git, type Place } from './git.ts';
import { isRepositoryPath } from './names.ts';

/** `commit` is a checked id. Null when the path or the line is not there. */
export async function lastChange(
  place: Place,
  commit: string,
  { path, line }: { path: string; line: number },
): Promise<LineAuthor | null> {
  if (!isRepositoryPath(path) || !Number.isInteger(line) || line < 1) return null;
  const range = `-L${line},${line}`;
  const result = await git(place, ['blame', '--porcelain', range, commit, '--', path]);
  if (result.exitCode !== 0) return null;
  const text = result.stdout.toString('utf8');
  const id = /^([0-9a-f]{40,64}) /.exec(text)?.[1];
  const name = /^author (.+)$/m.exec(text)?.[1];
  const seconds = /^author-time (\d+)$/m.exec(text)?.[1];
  return id && name && seconds ? { commit: id, name, at: Number(seconds) * 1000 } : null;
}

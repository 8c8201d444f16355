// The files that differ between two commits, as GitHub lists them: status, counts, patch.
// Reads one run of git diff.

import { git } from './git.ts';

export type FileDiff = {
  path: string;
  previousPath: string | null;
  /** The blob after, or before where it was removed. */
  sha: string;
  status: 'added' | 'removed' | 'modified' | 'renamed';
  additions: number;
  deletions: number;
  /** From the first `@@` on; null for binary files and pure renames. */
  patch: string | null;
};

/** What a merge of `head` would bring: against the merge base, as pull requests show it. */
export async function diffFiles(dir: string, base: string, head: string): Promise<FileDiff[]> {
  const out = await git(dir, ['diff', '--no-color', '--no-ext-diff', '--full-index', '-M', base, head, '--']);
  return out
    .split(/^(?=diff --git )/m)
    .filter(Boolean)
    .map(parseFile);
}

function parseFile(text: string): FileDiff {
  const at = text.search(/^@@ /m);
  const head = at < 0 ? text : text.slice(0, at);
  const patch = at < 0 ? null : text.slice(at).replace(/\n$/, '');
  const line = (pattern: RegExp) => pattern.exec(head)?.[1] ?? null;
  const [, before = '', after = ''] = /^index ([0-9a-f]+)\.\.([0-9a-f]+)/m.exec(head) ?? [];
  const removed = /^deleted file/m.test(head);
  const renamedFrom = line(/^rename from (.*)$/m);
  const path =
    line(/^rename to (.*)$/m) ??
    line(/^\+\+\+ b\/(.*?)\t?$/m) ??
    line(/^--- a\/(.*?)\t?$/m) ??
    line(/^diff --git a\/.* b\/(.*)$/m) ??
    '';
  return {
    path,
    previousPath: renamedFrom,
    sha: removed ? before : after,
    status: statusOf({ removed, added: /^new file/m.test(head), renamed: renamedFrom !== null }),
    additions: countLines(patch, '+'),
    deletions: countLines(patch, '-'),
    patch,
  };
}

function statusOf(is: { removed: boolean; added: boolean; renamed: boolean }): FileDiff['status'] {
  if (is.removed) return 'removed';
  if (is.added) return 'added';
  return is.renamed ? 'renamed' : 'modified';
}

const countLines = (patch: string | null, sign: string): number =>
  patch?.split('\n').filter((line) => line.startsWith(sign)).length ?? 0;

// Puts one file into a bare repository's branch as a commit of its own, as somebody who pushes would.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Null removes the file. Gives the new commit. */
export function commitFile(
  dir: string,
  file: { path: string; text: string | null; branch?: string; author?: string; mail?: string },
): string {
  const { branch = 'main', author = 'mia', mail = 'example.com' } = file;
  const folder = mkdtempSync(path.join(tmpdir(), 'suture-commit-'));
  const env = {
    ...process.env,
    GIT_DIR: dir,
    GIT_INDEX_FILE: path.join(folder, 'index'),
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: `${author}@${mail}`,
    GIT_COMMITTER_NAME: author,
    GIT_COMMITTER_EMAIL: `${author}@example.com`,
  };
  const git = (...args: string[]): string => execFileSync('git', args, { env, encoding: 'utf8' }).trim();
  try {
    const parent = git('rev-parse', `refs/heads/${branch}`);
    git('read-tree', parent);
    if (file.text === null) git('rm', '--cached', '--quiet', file.path);
    else {
      writeFileSync(path.join(folder, 'file'), file.text);
      const blob = git('hash-object', '-w', path.join(folder, 'file'));
      git('update-index', '--add', '--cacheinfo', `100644,${blob},${file.path}`);
    }
    const commit = git('commit-tree', git('write-tree'), '-p', parent, '-m', `change ${file.path}`);
    git('update-ref', `refs/heads/${branch}`, commit);
    return commit;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

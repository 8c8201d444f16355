// What a pull request knows from git: its own ref, its counts, and whether it would merge.
// Changes the record of the pull request and `refs/pull/…`, nothing else.

import type { Issue, Repo } from '../records.ts';
import { pullOf } from '../render/pulls.ts';
import { diffFiles } from './diff.ts';
import { git } from './git.ts';
import { mergeCommit } from './merge.ts';
import { countApart, mergeBase } from './repository.ts';

/** After head or base moved. */
export async function refreshPull(repo: Repo, issue: Issue): Promise<void> {
  const pull = pullOf(issue);
  await git(repo.dir, ['update-ref', `refs/pull/${issue.number}/head`, pull.headSha]);
  const { ahead } = await countApart(repo.dir, pull.baseSha, pull.headSha);
  const files = await pullFiles(repo, issue);
  pull.stats = {
    commits: ahead,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    files: files.length,
  };
}

/** The files as the pull request shows them: from the merge base to the head. */
export async function pullFiles(repo: Repo, issue: Issue) {
  const { baseSha, headSha } = pullOf(issue);
  const from = (await mergeBase(repo.dir, baseSha, headSha)) ?? baseSha;
  return diffFiles(repo.dir, from, headSha);
}

/** GitHub's trial merge, made once for each pair of head and base. */
export async function tryMerge(repo: Repo, issue: Issue): Promise<void> {
  const pull = pullOf(issue);
  const { baseSha, headSha, trial } = pull;
  if (issue.state === 'closed' || (trial?.baseSha === baseSha && trial.headSha === headSha)) return;
  const message = `Merge ${headSha} into ${baseSha}`;
  const author = { name: 'GitHub', email: 'noreply@github.com' };
  const sha = await mergeCommit(repo.dir, { base: baseSha, head: headSha, message, author });
  pull.trial = { baseSha, headSha, sha };
}

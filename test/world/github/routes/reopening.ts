// When a closed pull request may be opened again, whichever route asks for it.

import { invalid } from '../answers.ts';
import { refreshPull } from '../git/pull-state.ts';
import { readBranch } from '../git/repository.ts';
import type { Issue, Repo } from '../records.ts';
import { pullOf } from '../render/pulls.ts';

/** True when this edit would open a closed pull request. */
export const reopens = (issue: Issue, edit: { state?: 'open' | 'closed' | undefined }): boolean =>
  issue.pull !== null && issue.state === 'closed' && edit.state === 'open';

/** The open pull request between these branches. */
export const openPullFor = (repo: Repo, sides: { head: string; base: string }): Issue | undefined =>
  [...repo.issues.values()].find(
    ({ state, pull }) => state === 'open' && pull?.head === sides.head && pull.base === sides.base,
  );

const refused = (message: string) =>
  invalid({ resource: 'PullRequest', field: 'state', code: 'invalid', message });

/** A merged one never; a closed one only while its branch exists and no other took its place. */
export async function refuseReopening(repo: Repo, issue: Issue): Promise<void> {
  const pull = pullOf(issue);
  if (pull.merged) throw refused('Cannot reopen a merged pull request.');
  const headSha = await readBranch(repo.dir, pull.head);
  if (!headSha) throw refused(`The ${pull.head} branch has been deleted.`);
  if (openPullFor(repo, pull)) {
    throw refused(`There is already an open pull request from ${pull.head} to ${pull.base}.`);
  }
  pull.headSha = headSha;
  await refreshPull(repo, issue);
}

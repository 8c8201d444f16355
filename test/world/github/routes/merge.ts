// Merging a pull request, the three ways, refused where GitHub refuses.

import { z } from 'zod';
import { empty, notFound, ok, read, refusal, type Answer, type Ask, type Route } from '../answers.ts';
import { mergeCommit, rebase, type MergeWay } from '../git/merge.ts';
import { git } from '../git/git.ts';
import { closePull, refsChanged } from '../git/ref-changes.ts';
import { branchRef, readBranch } from '../git/repository.ts';
import { missingChecks, requiredChecks } from '../git/rules.ts';
import type { Account } from '../records.ts';
import { acting, openRepo, requirePush } from '../rights.ts';
import { openPull, type PullTarget } from './pulls.ts';

const mergeBody = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
});
type MergeInput = z.infer<typeof mergeBody>;

async function mergePull(ask: Ask): Promise<Answer> {
  const input = read(ask, mergeBody, 'PullRequest');
  const target = openMergeable(ask, input.sha);
  const { repo, pull } = target;
  const base = await readBranch(repo.dir, pull.base);
  if (!base) throw refusal(405, 'Pull Request is not mergeable');
  const sender = acting(ask).account;
  const sha = await makeMerge(target, { base, input, author: sender });
  if (!sha) throw refusal(405, 'Pull Request is not mergeable');
  await git(repo.dir, ['update-ref', branchRef(pull.base), sha, base]);
  pull.merged = { at: ask.state.now(), by: sender, sha };
  closePull(ask.state, target, sender);
  const changes = [{ ref: branchRef(pull.base), before: base, after: sha }];
  await refsChanged(ask.state, repo, { sender, changes });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

function openMergeable(ask: Ask, expectedHead: string | undefined): PullTarget {
  const repo = openRepo(ask, 'contents:write');
  requirePush(ask, repo);
  const issue = repo.issues.get(Number(ask.params['number']));
  if (!issue?.pull) throw notFound();
  const { pull } = issue;
  if (issue.state === 'closed') throw refusal(405, 'Pull Request is not mergeable');
  if (expectedHead && expectedHead !== pull.headSha) {
    throw refusal(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (pull.draft) throw refusal(405, 'Pull Request is still a draft');
  const missing = missingChecks(repo, requiredChecks(repo, pull.base), pull.headSha);
  if (missing) throw refusal(405, missing);
  return { repo, issue, pull };
}

type Making = { base: string; input: MergeInput; author: Account };

function makeMerge(
  { repo, issue, pull }: PullTarget,
  { base, input, author }: Making,
): Promise<string | null> {
  const way: MergeWay = input.merge_method ?? 'merge';
  const head = pull.headSha;
  if (way === 'rebase') return rebase(repo.dir, { base, head });
  const title =
    input.commit_title ??
    (way === 'squash'
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${repo.owner.login}/${pull.head}`);
  const message = `${title}\n\n${input.commit_message ?? (way === 'squash' ? '' : issue.title)}`.trimEnd();
  return mergeCommit(repo.dir, {
    base,
    head,
    message: `${message}\n`,
    author: { name: author.login, email: `${author.id}+${author.login}@users.noreply.github.com` },
    squash: way === 'squash',
  });
}

function isMerged(ask: Ask): Answer {
  const { pull } = openPull(ask, 'read');
  if (!pull.merged) throw notFound();
  return empty();
}

export const mergeRoutes: readonly Route[] = [
  ['PUT', '/repos/:owner/:repo/pulls/:number/merge', mergePull],
  ['GET', '/repos/:owner/:repo/pulls/:number/merge', isMerged],
];

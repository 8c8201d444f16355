// The pull request of a fix that is on the host, whoever of our runs has opened it. It must not open one.

import { branchPrefix } from '../domain/pull/branch.ts';
import type { Fix } from '../domain/fix.ts';
import { readFixMark } from '../domain/marker.ts';
import type { Binding } from '../domain/problem.ts';
import type { Ports, PullRequest } from '../ports.ts';

/** This attempt's pull request, or an open one of the same problem: never a second (promise 2). */
export async function findPullRequest(
  ports: Pick<Ports, 'host' | 'signer'>,
  binding: Binding,
  fix: Fix,
): Promise<PullRequest | null> {
  const self = await ports.host.readSelf();
  const pulls = await ports.host.findPullRequests(binding.repo, branchPrefix(fix.shortId));
  const ours = pulls.filter((pull) => {
    const mark = readFixMark(ports.signer, 'pull', pull.body);
    const same = mark?.bindingId === fix.bindingId && mark.problemId === fix.problemId;
    return (
      same && pull.author.login === self.login && (pull.state === 'open' || mark.attempt === fix.attempt)
    );
  });
  return ours[0] ?? null;
}

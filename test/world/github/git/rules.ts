// Which pushes and merges a repository's branch rules forbid, in the words GitHub's git server uses.
// Only decides; `receive.ts` says it and the merge route obeys it.

import type { BranchRule, Protection, Repo, RequiredCheck } from '../records.ts';
import type { PushRefusal, RefChange } from './receive.ts';
import { zeroSha } from './repository.ts';

/** `main`, `release/*`, `**`: a star stands for anything but a slash, two stars for anything. */
function matchesPattern(pattern: string, branch: string): boolean {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`).test(branch);
}

export const rulesFor = (repo: Repo, branch: string): BranchRule[] =>
  repo.rules.filter((rule) => matchesPattern(rule.pattern, branch));

export const protectionOf = (repo: Repo, branch: string): Protection | null =>
  repo.protections.find((one) => one.branch === branch) ?? null;

/** By rulesets and by classic protection. */
export const requiredChecks = (repo: Repo, branch: string): RequiredCheck[] => [
  ...rulesFor(repo, branch).flatMap((rule) => rule.requiredChecks),
  ...(protectionOf(repo, branch)?.requiredChecks ?? []),
];

/** The refusal of each change that breaks a rule. */
export function refuseChanges(repo: Repo, changes: readonly RefChange[]): PushRefusal[] {
  return changes.flatMap((change) => {
    if (change.ref.startsWith('refs/pull/')) {
      return { ref: change.ref, reason: 'deny updating a hidden ref', remote: [] };
    }
    const broken = brokenRules(repo, change);
    return broken.length === 0 ? [] : violation(change.ref, broken);
  });
}

function brokenRules(repo: Repo, change: RefChange): string[] {
  if (!change.ref.startsWith('refs/heads/') || change.after === zeroSha) return [];
  const branch = change.ref.slice('refs/heads/'.length);
  return rulesFor(repo, branch).flatMap((rule) => {
    const broken = brokenRule(repo, rule, change);
    return broken === null ? [] : [rule.message ?? broken];
  });
}

/** Why the rule forbids the change; null when it does not. Creating a branch is only stopped by `blockCreation`. */
function brokenRule(repo: Repo, rule: BranchRule, change: RefChange): string | null {
  if (change.before === zeroSha) {
    return rule.blockCreation ? 'Cannot create ref due to creations being restricted.' : null;
  }
  if (rule.requirePullRequest) return 'Changes must be made through a pull request.';
  return missingChecks(repo, rule.requiredChecks, change.after);
}

/** GitHub's sentence about the required names that did not pass at that commit; null when all did. */
export function missingChecks(repo: Repo, required: readonly RequiredCheck[], sha: string): string | null {
  const missing = required.filter((check) => !hasPassed(repo, sha, check));
  if (missing.length === 0) return null;
  if (missing.length === 1) return `Required status check "${missing[0]?.name}" is expected.`;
  return `${missing.length} of ${required.length} required status checks are expected.`;
}

/** By its newest status and its newest check run; neutral and skipped runs count as passed. */
function hasPassed(repo: Repo, sha: string, { name, appId }: RequiredCheck): boolean {
  const status = repo.statuses.findLast(
    (one) => one.sha === sha && one.context === name && (appId === null || one.appId === appId),
  );
  const run = repo.runs.findLast(
    (one) => one.suite.sha === sha && one.name === name && (appId === null || one.suite.app.id === appId),
  );
  if (!status && !run) return false;
  const runPasses = !run || ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '');
  return runPasses && (!status || status.state === 'success');
}

function violation(ref: string, sentences: readonly string[]): PushRefusal {
  return {
    ref,
    reason: 'push declined due to repository rule violations',
    remote: [
      `error: GH013: Repository rule violations found for ${ref}.`,
      '',
      ...sentences.flatMap((sentence) => [`- ${sentence}`, '']),
    ],
  };
}

/** What the git server says to an app that may not touch workflows. */
export const workflowRefusal = (ref: string, path: string): PushRefusal => ({
  ref,
  reason: `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`,
  remote: [],
});

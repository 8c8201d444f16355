// Which pushes and merges a repository's branch rules forbid, in the words GitHub's git server uses.
// Only decides; `receive.ts` says it and the merge route obeys it.

import type { BranchRule, Repo } from '../records.ts';
import type { PushRefusal, RefChange } from './receive.ts';
import { zeroSha } from './repository.ts';

/** `main`, `release/*`, `**`: a star stands for anything but a slash, two stars for anything. */
export function matchesPattern(pattern: string, branch: string): boolean {
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

export const requiredChecks = (repo: Repo, branch: string): string[] => [
  ...new Set(rulesFor(repo, branch).flatMap((rule) => rule.requiredChecks)),
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
  if (!change.ref.startsWith('refs/heads/')) return [];
  const branch = change.ref.slice('refs/heads/'.length);
  const creates = change.before === zeroSha;
  const sentences = (rule: BranchRule): string[] => {
    if (rule.blockCreation && creates)
      return [rule.message ?? 'Cannot create ref due to creations being restricted.'];
    if (creates) return [];
    if (rule.requirePullRequest) return [rule.message ?? 'Changes must be made through a pull request.'];
    const [first, ...others] = rule.requiredChecks;
    if (!first) return [];
    if (rule.message) return [rule.message];
    return [
      others.length === 0
        ? `Required status check "${first}" is expected.`
        : `${rule.requiredChecks.length} of ${rule.requiredChecks.length} required status checks are expected.`,
    ];
  };
  return rulesFor(repo, branch).flatMap(sentences);
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

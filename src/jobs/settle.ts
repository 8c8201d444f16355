// Brings one fix to where the world is: reads its pull request and checks as they are now, then does what follows.
// Webhook and timer run the same job; every step is safe to run twice.

import { todosOf, worktreeName, type Fix, type Todo } from '../domain/fix.ts';
import { fixMark, readFixMark } from '../domain/marker.ts';
import { resolvedSummary, unresolvedSummary } from '../domain/wording.ts';
import type { Binding } from '../domain/problem.ts';
import type { HostIssue, JobData, Ports } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { tellJoiners } from './join.ts';
import { lookAtPull } from './look-at-pull.ts';
import { livePull } from './pull-life.ts';
import { refreshJob } from './receive-delivery.ts';
import { noteFix, resolveFix } from './resolve.ts';
import { readTriageIssues } from './triage-issues.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'source' | 'host' | 'git' | 'store' | 'clock' | 'bindings' | 'signer' | 'log'>;

/** 1. look  2. remember  3. the life of an open pull request  4. do what follows, one thing at a time, until nothing follows. */
export async function settle(ports: Needs, data: JobData['settle']): Promise<void> {
  let fix = await livePull(ports, await lookAtPull(ports, data.fixId));
  for (let todo = firstDoable(fix); fix && todo; todo = firstDoable(fix))
    fix = await carryOut(ports, fix, todo);
}

function firstDoable(fix: Fix | null): Todo | undefined {
  const waits: readonly Todo[] = ['work', 'await-leader', 'await-merge', 'await-checks'];
  return fix ? todosOf(fix.facts).find((todo) => !waits.includes(todo)) : undefined;
}

async function carryOut(ports: Needs, fix: Fix, todo: Todo): Promise<Fix | null> {
  const binding = bindingOf(ports, fix.bindingId);
  switch (todo) {
    case 'resolve':
      return resolveFix(ports, binding, fix);
    case 'note':
      return noteFix(ports, binding, fix);
    case 'announce':
      return announce(ports, binding, fix);
    case 'clean-up':
      return cleanUp(ports, binding, fix);
    case 'tell-joiners':
      return tellJoiners(ports, binding, fix);
    case 'work':
    case 'await-leader':
    case 'await-merge':
    case 'await-checks':
      return null;
  }
}

/** One comment on the triage issue; its mark tells a second run that it is there. */
async function announce(ports: Needs, binding: Binding, fix: Fix): Promise<Fix | null> {
  const issue = (await ports.store.readIssue(binding.id)) ?? (await newestIssue(ports, binding));
  if (issue) await commentOnce(ports, { binding, fix, issue: issue.number });
  return ports.store.updateFix(fix.id, (known) => ({ ...known, facts: { ...known.facts, announced: true } }));
}

/** A database that is new knows of none yet. */
async function newestIssue(ports: Needs, binding: Binding): Promise<HostIssue | undefined> {
  const { settings } = await readKnownSettings(ports, binding);
  return (await readTriageIssues(ports, binding, { label: settings.label, state: 'all' })).at(-1);
}

async function commentOnce(
  ports: Needs,
  input: { binding: Binding; fix: Fix; issue: number },
): Promise<void> {
  const { binding, fix, issue } = input;
  const mark = { bindingId: binding.id, problemId: fix.problemId, attempt: fix.attempt };
  // Left alone first and resolved later, when checks came late, are two things to say.
  const isResolved = fix.facts.resolution !== null;
  const purpose = isResolved ? 'summary' : 'left';
  const comments = await ports.host.listComments(binding.repo, issue);
  const said = comments.some((comment) => {
    const found = readFixMark(ports.signer, purpose, comment.body);
    return (
      found?.bindingId === mark.bindingId &&
      found.problemId === mark.problemId &&
      found.attempt === mark.attempt
    );
  });
  if (said) return;
  const text = isResolved ? resolvedSummary(fix) : unresolvedSummary(fix);
  await ports.host.comment(binding.repo, issue, `${text}\n\n${fixMark(ports.signer, purpose, mark)}`);
}

/** Worktree always; the branch only once it is merged: a closed pull request can be opened again while it is there. */
async function cleanUp(ports: Needs, binding: Binding, fix: Fix): Promise<Fix | null> {
  const mirror = await ports.git.openMirror(binding.repo);
  await mirror?.removeWorktree(fix.id);
  if (fix.facts.run !== null) await mirror?.removeWorktree(worktreeName(fix.id, fix.facts.run));
  const { pull, proposal } = fix.facts;
  if (pull?.state === 'merged' && proposal) await ports.host.deleteBranch(binding.repo, proposal.branch);
  await ports.store.send([refreshJob(binding.id)]);
  return ports.store.updateFix(fix.id, (known) => ({ ...known, facts: { ...known.facts, cleanedUp: true } }));
}

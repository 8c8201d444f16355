// A stored webhook becomes the jobs that look at what it hints at. It believes nothing in it.

import { repoName, type Binding, type RepoRef } from '../domain/problem.ts';
import type { Happening, Job, JobData, Ports } from '../ports.ts';
import { bindingsOf, bindingsOfHint } from './bindings.ts';

type Needs = Pick<Ports, 'deliveries' | 'store' | 'bindings' | 'log'>;

/** 1. understand  2. find the jobs  3. send them under the delivery's own id. */
export async function receiveDelivery(ports: Needs, data: JobData['receive-delivery']): Promise<void> {
  const happenings = await ports.deliveries.read(data);
  const jobs = (await Promise.all(happenings.map((happening) => jobsOf(ports, happening)))).flat();
  await ports.store.send(
    jobs.map((job, index) => ({ ...job, id: `${data.from}:${data.delivery}:${index}` })),
  );
}

async function jobsOf(ports: Needs, happening: Happening): Promise<Job[]> {
  switch (happening.kind) {
    case 'body-edited': {
      const { kind: _, ...data } = happening;
      return known(ports, happening.repo) ? [{ name: 'read-ticks', data, group: issueGroup(happening) }] : [];
    }
    case 'commented': {
      const { kind: _, ...told } = happening;
      const data = { ...told, bodyBefore: null };
      return known(ports, happening.repo)
        ? [{ name: 'read-comment', data, group: issueGroup(happening) }]
        : [];
    }
    case 'comment-edited':
      return known(ports, happening.repo) ? [editedCommentJob(happening)] : [];
    case 'changes-requested': {
      const { kind: _, ...data } = happening;
      const group = issueGroup({ repo: data.repo, issue: data.number });
      return known(ports, data.repo) ? [{ name: 'read-review', data, group }] : [];
    }
    case 'issue-changed':
      return bindingsOf(ports, happening.repo).map((binding) => refreshJob(binding.id));
    case 'pull-moved':
      return [
        ...(await settleJobs(ports, happening.repo, (pull) => pull.number === happening.number)),
        ...(await heldJobs(ports, happening.repo)),
      ];
    case 'checks-moved':
      return settleJobs(ports, happening.repo, (pull) =>
        [pull.headSha, pull.mergeSha].includes(happening.sha),
      );
    case 'installation-changed':
      return happening.repos
        .flatMap((repo) => bindingsOf(ports, repo))
        .map((binding) => fetchJob(binding.id));
    case 'problem-moved':
      return problemJobs(ports, happening);
  }
}

/** A person's own comment may hold new commands; in another's (ours, that is) only boxes count. */
function editedCommentJob(happening: Extract<Happening, { kind: 'comment-edited' }>): Job {
  const { repo, issue, onPullRequest, comment, author, editor, bodyBefore, bodyAfter, at } = happening;
  const group = issueGroup(happening);
  if (author.login !== editor.login) {
    const data = { repo, issue, comment, editor, bodyBefore, bodyAfter, at };
    return { name: 'read-confirmation', data, group };
  }
  const data = { repo, issue, onPullRequest, comment, author, body: bodyAfter, bodyBefore, at };
  return { name: 'read-comment', data, group };
}

/** One waiting refresh per binding is enough: it shows everything as it is then. */
export function refreshJob(bindingId: string): Job {
  return { name: 'refresh', data: { bindingId }, key: bindingId, group: bindingId };
}

export function fetchJob(bindingId: string): Job {
  return { name: 'fetch', data: { bindingId }, key: bindingId, group: bindingId };
}

export function inspectJob(bindingId: string): Job {
  return { name: 'inspect', data: { bindingId }, key: bindingId, group: bindingId };
}

export function settleJob(fixId: string, afterMs = 0): Job {
  return { name: 'settle', data: { fixId }, key: fixId, group: fixId, ...(afterMs > 0 ? { afterMs } : {}) };
}

/** The same, sent by whoever has just read the host's mark of the pull request. */
export function markedSettleJob(fixId: string, mark: string): Job {
  return { name: 'settle', data: { fixId, mark }, key: fixId, group: fixId };
}

export function reworkJob(fixId: string, binding: Binding): Job {
  return { name: 'rework', data: { fixId }, key: fixId, group: repoName(binding.repo).toLowerCase() };
}

/**
 * Fixes of one repository run one after the other. Where they may run side by side, the ledger makes those wait that
 * touch the same files.
 */
export function fixJob(fixId: string, binding: Binding, sideBySide: boolean): Job {
  const repo = repoName(binding.repo).toLowerCase();
  return { name: 'fix', data: { fixId }, key: fixId, group: sideBySide ? `${repo}#${fixId}` : repo };
}

function known(ports: Needs, repo: RepoRef): boolean {
  return bindingsOf(ports, repo).length > 0;
}

function issueGroup(happening: { repo: RepoRef; issue: number }): string {
  return `${repoName(happening.repo).toLowerCase()}#${happening.issue}`;
}

/** What waits because of an open pull request may go on when one moves. */
async function heldJobs(ports: Needs, repo: RepoRef): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const binding of bindingsOf(ports, repo)) {
    const fixes = await ports.store.readFixes(binding.id);
    const held = fixes.filter(({ facts }) => facts.held !== null && facts.ending === null && !facts.pull);
    const sideBySide = (await ports.store.readSettings(binding.id))?.settings.sideBySide ?? false;
    jobs.push(...held.map((fix) => fixJob(fix.id, binding, sideBySide)));
  }
  return jobs;
}

async function settleJobs(
  ports: Needs,
  repo: RepoRef,
  matches: (pull: { number: number; headSha: string; mergeSha: string | null }) => boolean,
): Promise<Job[]> {
  const fixes = await Promise.all(
    bindingsOf(ports, repo).map((binding) => ports.store.readFixes(binding.id)),
  );
  return fixes
    .flat()
    .filter((fix) => fix.facts.pull !== null && matches(fix.facts.pull))
    .map((fix) => settleJob(fix.id));
}

async function problemJobs(
  ports: Needs,
  happening: Extract<Happening, { kind: 'problem-moved' }>,
): Promise<Job[]> {
  const bindings = await Promise.all(
    ports.bindings.map(async (binding) => ({
      binding,
      state: await ports.store.readBindingState(binding.id),
    })),
  );
  return bindingsOfHint(happening, bindings).map((binding) => ({
    name: 'fetch-problem',
    data: { bindingId: binding.id, problemId: happening.problemId },
    key: `${binding.id}#${happening.problemId}`,
    group: binding.id,
  }));
}

// Which issues of a repository are a binding's triage issues: ours, and marked when we last wrote them.
// It must not write.

import { hasBindingMark } from '../domain/marker.ts';
import type { Binding } from '../domain/problem.ts';
import type { HostIssue, Ports } from '../ports.ts';

type Needs = Pick<Ports, 'host' | 'signer' | 'bindings'>;

/** Oldest first. */
export async function readTriageIssues(
  ports: Needs,
  binding: Binding,
  which: { label: string; state: 'open' | 'all' },
): Promise<HostIssue[]> {
  const self = await ports.host.readSelf();
  const listed = await ports.host.listIssues(binding.repo, which.label, which.state);
  const own = listed.filter((issue) => issue.author.login === self.login);
  const ours: HostIssue[] = [];
  for (const issue of own) if (await isOf(ports, binding, { issue, self: self.login })) ours.push(issue);
  return ours.toSorted((left, right) => left.number - right.number);
}

/** Anybody who may edit can take the mark out of the body, not out of what we wrote before. */
async function isOf(
  ports: Needs,
  binding: Binding,
  { issue, self }: { issue: HostIssue; self: string },
): Promise<boolean> {
  const marked = ports.bindings.find(({ id }) => hasBindingMark(ports.signer, id, issue.body));
  if (marked) return marked.id === binding.id;
  const versions = (await ports.host.readBodyVersions(binding.repo, issue.number)) ?? [];
  return versions.some(
    ({ editor, body }) => editor.login === self && hasBindingMark(ports.signer, binding.id, body ?? ''),
  );
}

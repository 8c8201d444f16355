// Boxes in our own comments that a person was asked to tick: a tick of which no webhook told is found here.
// It acts on nothing itself: it queues what the webhook would have queued, under the act's own id.

import { repoName, type Binding } from '../domain/problem.ts';
import { readBoxes } from '../domain/triage/ticks.ts';
import { cannotTell } from '../domain/wording.ts';
import type { HostComment, Job, Ports, StoredIssue } from '../ports.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'signer'>;

/** Nobody is waited for longer. */
const longestMs = 30 * 24 * 60 * 60 * 1000;

type Asked = StoredIssue['asking'][number];

/** Remembers that a comment of ours asks for a tick. Safe to call twice. */
export async function rememberAsking(
  ports: Pick<Ports, 'store' | 'signer' | 'clock'>,
  bindings: readonly Binding[],
  said: { issue: number; comment: HostComment },
): Promise<void> {
  const { issue, comment } = said;
  for (const binding of bindings.filter(({ id }) => asks(ports, id, comment.body))) {
    const since = ports.clock.now();
    await ports.store.updateIssue(binding.id, (known) => {
      if (!known || known.asking.some((one) => one.comment === comment.id)) return known;
      return { ...known, asking: [...known.asking, { issue, comment: comment.id, since }] };
    });
  }
}

function asks({ signer }: Pick<Ports, 'signer'>, bindingId: string, body: string): boolean {
  return readBoxes(signer, bindingId, body).some(({ kind }) => kind === 'confirm');
}

/** 1. each comment that asks, as it is now  2. ticked: by whom  3. queue it, or say that nobody can tell. */
export async function hearConfirmations(ports: Needs, binding: Binding): Promise<void> {
  const asking = (await ports.store.readIssue(binding.id))?.asking ?? [];
  const now = ports.clock.now();
  for (const asked of asking) {
    const comment = await ports.host.readComment(binding.repo, asked.comment);
    const open = comment !== null && asks(ports, binding.id, comment.body) && now - asked.since < longestMs;
    if (open) await hear(ports, binding, { asked, comment });
    else await forget(ports, binding, asked);
  }
}

async function hear(
  ports: Needs,
  binding: Binding,
  { asked, comment }: { asked: Asked; comment: HostComment },
): Promise<void> {
  const boxes = readBoxes(ports.signer, binding.id, comment.body);
  if (!boxes.some(({ kind, ticked }) => kind === 'confirm' && ticked)) return;
  const versions = (await ports.host.readCommentVersions(binding.repo, asked.comment)) ?? [];
  const jobs = versions.flatMap((version, index): Job[] => {
    const before = versions[index - 1]?.body;
    if (before == null || version.body === null || version.editor.kind !== 'human') return [];
    const { editor, at } = version;
    const bodies = { bodyBefore: before, bodyAfter: version.body };
    const data = { repo: binding.repo, issue: asked.issue, comment: asked.comment, editor, at, ...bodies };
    return [
      {
        name: 'read-confirmation',
        data,
        id: `history:${repoName(binding.repo)}:${asked.comment}:${at}`.toLowerCase(),
        group: `${repoName(binding.repo).toLowerCase()}#${asked.issue}`,
      },
    ];
  });
  if (jobs.length > 0) await ports.store.send(jobs);
  else if (!comment.body.includes(cannotTell))
    await ports.host.updateComment(binding.repo, asked.comment, `${comment.body}\n\n${cannotTell}`);
}

async function forget(ports: Needs, binding: Binding, asked: Asked): Promise<void> {
  await ports.store.updateIssue(binding.id, (known) =>
    known ? { ...known, asking: known.asking.filter(({ comment }) => comment !== asked.comment) } : null,
  );
}

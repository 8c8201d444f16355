// What a person's ticks do: approve, withdraw or archive. Who edited is who counts; our own edits never do.

import { takenBackBy } from '../domain/triage/edit-history.ts';
import { repoName, type Binding } from '../domain/problem.ts';
import { boxKey, type BoxName } from '../domain/triage/ticks.ts';
import type { Person, Ports } from '../ports.ts';
import { approve, mayApprove, refusePerson, withdraw } from './approve.ts';
import { archiveJob } from './archive.ts';
import { goOnAnyway } from './go-on.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'signer'>;

export type BoxEdit = {
  binding: Binding;
  issue: number;
  editor: Person;
  at: number;
  ticked: readonly BoxName[];
  unticked: readonly BoxName[];
};

/** 1. may this person  2. no: empty the boxes and say so once  3. yes: approve, archive, withdraw. */
export async function actOnBoxes(ports: Needs, edit: BoxEdit): Promise<void> {
  const { binding, editor, at, ticked } = edit;
  const { ok, role } = await mayApprove(ports, binding, editor);
  if (!ok) {
    await untick(ports, binding, ticked.map(boxKey));
    const refused = { binding, issue: edit.issue, person: editor, role, what: 'ticking a box' };
    return ticked.length > 0 ? refusePerson(ports, refused) : undefined;
  }
  const approval = { by: editor.login, at, via: 'tick' as const, hint: null };
  const act = `tick:${repoName(binding.repo)}#${edit.issue}:${at}`.toLowerCase();
  for (const { kind, subject } of ticked) {
    if (kind === 'tick')
      await approve(ports, { binding, problemId: subject, approval, act, again: 'older', named: false });
    if (kind === 'anyway') await goOnAnyway(ports, { binding, problemId: subject, by: editor.login, at });
    if (kind === 'archive')
      await ports.store.send([archiveJob({ binding, problemId: subject, by: editor.login, at })]);
  }
  for (const { subject } of await stillEmptied(ports, edit))
    await withdraw(ports, { binding, problemId: subject, by: editor.login });
}

/** What stops work must be meant: an emptying that a permitted person took back meanwhile is none. */
async function stillEmptied(ports: Needs, { binding, issue, at, unticked }: BoxEdit): Promise<BoxName[]> {
  const emptied: BoxName[] = [];
  const boxes = unticked.filter(({ kind }) => kind === 'tick');
  const versions = boxes.length > 0 ? await ports.host.readBodyVersions(binding.repo, issue) : null;
  for (const box of boxes) {
    const person = takenBackBy(ports.signer, binding.id, { box, at, versions: versions ?? [] });
    if (person === null || !(await mayApprove(ports, binding, person)).ok) emptied.push(box);
  }
  return emptied;
}

async function untick(ports: Needs, binding: Binding, boxes: readonly string[]): Promise<void> {
  await ports.store.updateIssue(binding.id, (known) =>
    known ? { ...known, untick: [...new Set([...known.untick, ...boxes])] } : null,
  );
}

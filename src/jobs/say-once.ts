// A comment that is written once, however often its job runs: a signed mark in it is found again.

import { fixMark, readFixMark } from '../domain/marker.ts';
import type { RepoRef } from '../domain/problem.ts';
import type { Ports } from '../ports.ts';

export type Saying = {
  repo: RepoRef;
  /** The issue or pull request. */
  number: number;
  /** What kind of word it is; together with `subject` it is said once. */
  purpose: string;
  mark: { bindingId: string; problemId: string; attempt: number };
  text: string;
};

export async function sayOnce(ports: Pick<Ports, 'host' | 'signer'>, said: Saying): Promise<void> {
  const { repo, number, purpose, mark, text } = said;
  const comments = await ports.host.listComments(repo, number);
  const isThere = comments.some(({ body }) => {
    const found = readFixMark(ports.signer, purpose, body);
    return (
      found?.bindingId === mark.bindingId &&
      found.problemId === mark.problemId &&
      found.attempt === mark.attempt
    );
  });
  if (!isThere) await ports.host.comment(repo, number, `${text}\n\n${fixMark(ports.signer, purpose, mark)}`);
}

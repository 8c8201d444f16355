// The part of a pull request's body that lists the other problems it closes. People may edit all the rest.

import { link } from '../links.ts';
import { approvalMark, fixMark, readApprovalMark, readFixMarks, type ApprovalMark } from '../marker.ts';
import type { FixMark, Signer } from '../marker.ts';
import type { Joiner } from '../crash/root.ts';
import { inline } from '../untrusted.ts';

const begin = '<!-- suture:joined -->';
const end = '<!-- /suture:joined -->';

/** The body with exactly these listed; everything outside of our own part stays as it is. */
export function withJoined(
  body: string,
  joiners: readonly Joiner[],
  names: { signer: Signer; bindingId: string },
): string {
  const lines = joiners.map((joiner) => joinedLine(joiner, names));
  const part = [
    begin,
    '**Closes as well**, because the crash is of the same class in the same function:',
    '',
    ...lines,
    end,
  ].join('\n');
  const from = body.indexOf(begin);
  const to = body.indexOf(end, from);
  if (from < 0 || to < 0) return `${body.trimEnd()}\n\n${part}\n`;
  return body.slice(0, from) + part + body.slice(to + end.length);
}

/** What is left when our own part is taken out: by that, an edit of somebody else is told from ours. */
export function withoutJoined(body: string): string {
  const from = body.indexOf(begin);
  const to = body.indexOf(end, from);
  return from < 0 || to < 0 ? body : body.slice(0, from).trimEnd() + body.slice(to + end.length);
}

function joinedLine(joiner: Joiner, { signer, bindingId }: { signer: Signer; bindingId: string }): string {
  const { shortId, title, permalink, approval, problemId, attempt } = joiner;
  const mark = { bindingId, problemId, attempt };
  const name = link(inline(shortId, 60), permalink);
  const marks = fixMark(signer, 'joined', mark) + approvalMark(signer, mark, approval);
  return `- ${name} · ${inline(title, 120)} · approved by ${inline(approval.by, 40)} ${marks}`;
}

/** Who joined, read back from a body. */
export function readJoined(signer: Signer, body: string): { mark: FixMark; approval: ApprovalMark }[] {
  return readFixMarks(signer, 'joined', body).flatMap((mark) => {
    const approval = readApprovalMark(signer, mark, body);
    return approval ? [{ mark, approval }] : [];
  });
}

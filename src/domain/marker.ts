// Hidden, signed marks in texts that others can edit: they say which problem a line or a pull request is about.
// They carry no state; a mark that does not verify is plain text.

export interface Signer {
  sign(text: string): string;
  /** Constant time. */
  verify(text: string, signature: string): boolean;
}

/** What a mark on a pull request or a comment names. */
export type FixMark = { bindingId: string; problemId: string; attempt: number };

/**
 * What a tick asks for: a fix, an archive in the source, what a command wanted confirmed, or that a fix goes on though
 * somebody else works on the same file.
 */
export const tickKinds = ['tick', 'archive', 'confirm', 'anyway'] as const;
export type TickKind = (typeof tickKinds)[number];

/** `subject` is the problem's id; for `confirm`, the ids joined by commas. */
export type TickLine = { kind: TickKind; bindingId: string; subject: string; visible: string };

/** A mark for one checklist line. The signature covers kind and visible text, so a line cannot be relabelled. */
export function tickMark(signer: Signer, line: TickLine): string {
  return `<!-- suture:${line.kind} ${encodeURIComponent(line.subject)} ${signer.sign(tickText(line))} -->`;
}

export function verifyTick(signer: Signer, line: TickLine & { signature: string }): boolean {
  return signer.verify(tickText(line), line.signature);
}

/** A mark that names a fix, for the pull request's body and for comments that must be written once. */
export function fixMark(signer: Signer, purpose: string, mark: FixMark): string {
  const fields = [purpose, mark.bindingId, mark.problemId, String(mark.attempt)];
  return `<!-- suture:fix ${fields.map(encodeURIComponent).join(' ')} ${signer.sign(fields.join('\n'))} -->`;
}

/** The verified mark of this purpose in a text, or null. */
export function readFixMark(signer: Signer, purpose: string, text: string): FixMark | null {
  return readFixMarks(signer, purpose, text)[0] ?? null;
}

/** Every verified mark of this purpose in a text, in order. */
export function readFixMarks(signer: Signer, purpose: string, text: string): FixMark[] {
  const marks: FixMark[] = [];
  for (const found of text.matchAll(/<!-- suture:fix (\S+) (\S+) (\S+) (\d+) ([\w-]+) -->/g)) {
    const fields = found.slice(1, 5).map(decode);
    const [named, bindingId, problemId, attempt] = fields;
    if (named !== purpose || !bindingId || !problemId || !attempt) continue;
    if (signer.verify(fields.join('\n'), found[5] ?? ''))
      marks.push({ bindingId, problemId, attempt: Number(attempt) });
  }
  return marks;
}

/** Who asked for the fix that a pull request is, so that it is known without a database. */
export type ApprovalMark = { by: string; at: number; via: 'tick' | 'command' };

export function approvalMark(signer: Signer, mark: FixMark, approval: ApprovalMark): string {
  const fields = [approval.by, String(approval.at), approval.via];
  return `<!-- suture:approval ${fields.map(encodeURIComponent).join(' ')} ${signer.sign(approvalText(mark, fields))} -->`;
}

/** The verified approval of that fix in a text, or null. */
export function readApprovalMark(signer: Signer, mark: FixMark, text: string): ApprovalMark | null {
  for (const found of text.matchAll(/<!-- suture:approval (\S+) (\d+) (tick|command) ([\w-]+) -->/g)) {
    const fields = found.slice(1, 4).map(decode);
    const [by = '', at = '', via] = fields;
    if (signer.verify(approvalText(mark, fields), found[4] ?? ''))
      return { by, at: Number(at), via: via === 'tick' ? 'tick' : 'command' };
  }
  return null;
}

function approvalText(mark: FixMark, fields: readonly string[]): string {
  return ['approval', mark.bindingId, mark.problemId, String(mark.attempt), ...fields].join('\n');
}

/** A mark for a whole text that exists once per binding, such as the triage issue. */
export function bindingMark(signer: Signer, bindingId: string): string {
  return `<!-- suture:triage ${encodeURIComponent(bindingId)} ${signer.sign(`triage\n${bindingId}`)} -->`;
}

export function hasBindingMark(signer: Signer, bindingId: string, text: string): boolean {
  const found = /<!-- suture:triage (\S+) ([\w-]+) -->/.exec(text);
  return decode(found?.[1] ?? '') === bindingId && signer.verify(`triage\n${bindingId}`, found?.[2] ?? '');
}

function tickText(line: TickLine): string {
  return [line.kind, line.bindingId, line.subject, line.visible].join('\n');
}

/** The text behind an encoded field of a mark; empty when it is malformed. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

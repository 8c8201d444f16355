// Whether a template may touch the suspect at all, before anything is parsed.
// It reads the task and the file's own head; it must not look at code.

import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { guardedArea } from '../../domain/proof/delicate.ts';
import { templateRefusal } from '../../domain/proof/path-rules.ts';
import type { LocatedFrame, Suspect } from '../../domain/crash/location.ts';
import type { FixTask } from '../../ports.ts';
import type { Declined } from './template.ts';

export type Target = { suspect: Suspect; /** Absolute, resolved. */ path: string; text: string };

/** Files above this are not written by hand. */
const largestFile = 1024 * 1024;

/** The file to work on and its text, or why a template must not touch it. */
export function eligibleTarget(task: FixTask, dir: string): Target | Declined {
  const { location, diagnosis } = task;
  if (location.refusal !== null) return { why: location.refusal };
  if (!diagnosis.actionable)
    return { why: diagnosis.reason ?? 'The diagnosis says that no code should change for this.' };
  const { suspect } = location;
  if (!suspect) return { why: 'No line of this repository could be tied to the crash.' };
  const why = frameRefusal(location.frames, suspect) ?? templateRefusal(suspect.path) ?? areaRefusal(suspect);
  if (why !== null) return { why };
  return readTarget(suspect, dir);
}

function frameRefusal(frames: readonly LocatedFrame[], suspect: Suspect): string | null {
  const frame = frames.find((one) => one.path === suspect.path && one.line === suspect.line);
  if (!frame) return null;
  if (frame.contextMatches === false)
    return `The event's own source line differs from line ${suspect.line} of \`${suspect.path}\`, so the code has moved since.`;
  const builtIn = frames.filter((one) => one.index < frame.index && isBuiltIn(one)).length;
  if (builtIn === frame.index) return null;
  return `The crash happened deeper than \`${suspect.path}:${suspect.line}\`, in code that could not be tied to this repository.`;
}

/** `Array.reduce` and `JSON.parse` have frames of their own, without a file; Rust's library has its files. */
function isBuiltIn({ reported, inApp }: LocatedFrame): boolean {
  if (reported.path === null || /^(?:<anonymous>|native|\[native code\])$/.test(reported.path)) return true;
  return !inApp && /(?:^|[/\\])library[/\\](?:core|std|alloc|panic_unwind)[/\\]/.test(reported.path);
}

function areaRefusal(suspect: Suspect): string | null {
  const word = guardedArea(suspect.path) ?? guardedArea(suspect.function ?? '');
  if (word === null) return null;
  return `\`${suspect.path}\` deals with money or access (\`${word}\`), where a silent guard could do harm; a person has to decide.`;
}

function readTarget(suspect: Suspect, dir: string): Target | Declined {
  const root = realpathSync(dir);
  const path = join(root, suspect.path);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || realpathSync(path) !== path || !path.startsWith(root + sep))
    return { why: `\`${suspect.path}\` is not a plain file of this checkout.` };
  if (stats.size > largestFile)
    return { why: `\`${suspect.path}\` is larger than 1 MiB, so it was hardly written by hand.` };
  const text = readFileSync(path, 'utf8');
  if (text.includes('\uFFFD'))
    return { why: `\`${suspect.path}\` is not plain UTF-8, so it cannot be changed byte for byte.` };
  if (isGenerated(text))
    return { why: `\`${suspect.path}\` says that it is generated; the change belongs into its source.` };
  return { suspect, path, text };
}

function isGenerated(text: string): boolean {
  return /@generated\b|\bDO NOT (?:EDIT|MODIFY)\b|auto-?generated (?:by|from|file)|this file (?:was|is) (?:auto(?:matically)?[- ]?)?generated/i.test(
    text.slice(0, 2000),
  );
}

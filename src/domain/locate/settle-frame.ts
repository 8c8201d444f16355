// Settles one frame: which of its candidate files, which line, how sure, once their texts are at hand.
// It must not read files; the job hands over the texts.

import type { Frame } from '../crash/crash-event.ts';
import type { LocatedFrame } from '../crash/location.ts';
import type { Finding } from './choose.ts';
import { checkContext, type ContextCheck } from './context-lines.ts';
import type { PathFinding } from './find-path.ts';
import { isTestPath } from './test-path.ts';
import type { TraceFrame } from './trace.ts';

export type ReadCandidate = { path: string; text: string };

export type FrameQuestion = {
  /** Position in the innermost-first list. */
  index: number;
  trace: TraceFrame;
  finding: PathFinding;
  candidates: readonly ReadCandidate[];
};

export type SettledFrame = { located: LocatedFrame; candidates: string[] };

type Checked = { path: string; check: ContextCheck; lines: number };

/**
 * A source line that stands in exactly one of the candidates settles between them. One that stands in
 * none of them says that the trace does not fit this code.
 */
export function settleFrame(question: FrameQuestion): SettledFrame {
  const { finding, trace, index } = question;
  const checked = question.candidates.map(({ path, text }): Checked => {
    const lines = text.split('\n');
    return { path, check: checkContext(trace.frame, lines), lines: lines.length };
  });
  const settled = choose(checked, finding);
  const chosen = { ...settled, confidence: Math.min(settled.confidence, trace.limit ?? 1) };
  const rest = finding.candidates.filter((path) => path !== chosen.path);
  return {
    located: {
      index,
      function: trace.frame.function,
      reported: reportedPlace(trace.reported ?? trace.frame),
      inApp: isOwn(trace, finding),
      ...chosen,
      ...(trace.reported ? { rule: `source map, ${chosen.rule}` } : {}),
      ...(trace.exception === null ? {} : { exception: trace.exception }),
    },
    candidates: chosen.path === null ? finding.candidates : [chosen.path, ...rest],
  };
}

function reportedPlace(frame: Frame): LocatedFrame['reported'] {
  return { path: frame.filename ?? frame.absPath, line: frame.line, column: frame.column };
}

/** The source marks installed packages as not ours, even when this repository is that package. */
function isOwn({ frame }: TraceFrame, finding: PathFinding): boolean {
  if (finding.rule === 'package manifest' || finding.rule === 'code mapping') return true;
  return finding.own && (frame.inApp ?? finding.candidates.length > 0);
}

type Choice = Pick<LocatedFrame, 'path' | 'line' | 'rule' | 'confidence' | 'contextMatches'>;

function choose(checked: readonly Checked[], finding: PathFinding): Choice {
  const there = checked.filter(({ check }) => check.how === 'same line');
  const fitting = there.length > 0 ? there : checked.filter(({ check }) => check.how === 'moved');
  const [only, second] = fitting;
  if (only && !second && checked.length >= finding.candidates.length) return confirmed(only, finding);
  if (only) return amongEquals(fitting, finding);
  return unconfirmed(checked, finding);
}

/** The line itself is there: of the doubt that the name leaves little remains, more when it moved. */
function confirmed({ path, check }: Checked, finding: PathFinding): Choice {
  const moved = check.how === 'moved';
  const byName = path === finding.candidates[0] ? finding.confidence : 0;
  return {
    path,
    line: check.line,
    rule: `${finding.rule}${moved ? ', line moved' : ''}${finding.candidates.length > 1 ? ', context line' : ''}`,
    confidence: moved ? Math.max(byName * 0.95, 0.85) : 1 - (1 - byName) * 0.08,
    contextMatches: true,
  };
}

/** Twins share their lines: the name alone still decides between them, as surely as it did before. */
function amongEquals(fitting: readonly Checked[], finding: PathFinding): Choice {
  const named = fitting.find(({ path }) => path === finding.candidates[0]);
  const first = named ?? fitting[0];
  return {
    path: first?.path ?? null,
    line: first?.check.line ?? null,
    rule: finding.rule,
    confidence: named ? finding.confidence : Math.min(finding.confidence, 0.5 / fitting.length),
    contextMatches: true,
  };
}

function unconfirmed(checked: readonly Checked[], finding: PathFinding): Choice {
  const { rule, confidence } = finding;
  const first = checked[0];
  if (first === undefined)
    return { path: finding.candidates[0] ?? null, line: null, rule, confidence, contextMatches: null };
  const refuted = checked.every(({ check }) => check.matches === false);
  const held = finding.lineHolds ? first.check.line : null;
  return {
    path: first.path,
    line: held !== null && held <= first.lines ? held : null,
    rule,
    confidence: refuted ? Math.min(confidence, 0.5) : confidence,
    contextMatches: refuted ? false : null,
  };
}

/** Hits per piece of the message, most telling piece first. A piece that many files hold tells nothing. */
export function byMessage(index: number, hits: readonly (readonly string[])[]): Finding | null {
  const telling = hits.map((paths) =>
    [...new Set(paths)].filter((path) => !isTestPath(path) && isCode(path)),
  );
  const candidates = [...new Set(telling.filter((paths) => paths.length <= 5).flat())].slice(0, 10);
  if (candidates.length === 0) return null;
  const located: LocatedFrame = {
    index,
    function: null,
    reported: { path: null, line: null, column: null },
    inApp: true,
    path: null,
    line: null,
    rule: 'message',
    confidence: candidates.length === 1 ? 0.5 : 0.3,
    contextMatches: null,
  };
  return { located, candidates, enclosing: null, column: null };
}

/** Texts about code repeat its messages. */
function isCode(path: string): boolean {
  return !/\.(?:md|mdx|txt|rst|adoc|json|lock|snap|svg|html|css|csv|ya?ml|po|pot)$|(?:^|\/)(?:docs?|changelogs?|locales?|i18n)\//i.test(
    path,
  );
}

/** Nobody's code but ours is below these; what was copied in is not ours to change. */
const copiedIn = /(?:^|\/)(?:vendor|vendored|third[_-]party|node_modules|external|deps)\//;
const sure = 0.9;

/**
 * A source that marks no frame as in-app is not set up for this project: then files that are surely of this
 * repository count as its code.
 */
export function withoutFlags<F extends { located: LocatedFrame }>(findings: readonly F[]): F[] {
  if (findings.some(({ located }) => located.inApp)) return [...findings];
  return findings.map((finding) => {
    const { path, confidence } = finding.located;
    const own = path !== null && confidence >= sure && !copiedIn.test(path);
    return own ? { ...finding, located: { ...finding.located, inApp: true } } : finding;
  });
}

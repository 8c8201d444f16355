// Locates the frames of an event at one commit: paths by name, then texts, lines and functions.
// It must not look at other commits.

import type { CrashEvent } from '../../domain/crash/crash-event.ts';
import { nearestOwn, type Finding } from '../../domain/locate/choose.ts';
import { findPath, type PathFinding } from '../../domain/locate/find-path.ts';
import { functionName } from '../../domain/locate/function-name.ts';
import { languageOf, type Language } from '../../domain/locate/language.ts';
import { evidenceOf } from '../../domain/locate/message-evidence.ts';
import { settleFrame, withoutFlags, type ReadCandidate } from '../../domain/locate/settle-frame.ts';
import { isThrowing, traceOf, type TraceFrame } from '../../domain/locate/trace.ts';
import { judgeBlindLine } from '../../domain/locate/without-context.ts';
import type { LocatedFrame } from '../../domain/crash/location.ts';
import type { LocateInput } from '../locate-crash.ts';
import { readIndex } from './read-index.ts';
import { unminify } from './unminify.ts';
import { searchMessage, searchSymbol } from './search-names.ts';

/** A candidate beyond these is not read: reading is what costs. */
const mostReadPerFrame = 20;
const mostReadFrames = 50;
/** Names and messages are compared with whole files, for the frames that matter. */
const mostBlindFrames = 12;

type NamedFrame = { trace: TraceFrame; language: Language; finding: PathFinding };

/** One finding per frame, innermost first; for an event without any frame of ours, one by its message. */
export async function locateFrames(input: LocateInput, commit: string): Promise<Finding[]> {
  const { files, manifests } = await readIndex(input.repository, commit);
  const question = { index: files, manifests, mappings: input.mappings };
  const traces = await unminify({ ...input, commit, files }, traceOf(input.event));
  const named = traces.map((trace): NamedFrame => {
    const language = languageOf(trace.frame, input.event.platform);
    return { trace, language, finding: findPath(trace.frame, language, question) };
  });
  const searched = await Promise.all(named.map((frame) => searchSymbol(input, commit, frame)));
  const texts = await readTexts(input, commit, searched);
  const throwing = searched.findIndex(({ trace, finding }) => isThrowing(trace, finding.own));
  const judged = new Set(
    searched.filter(({ finding }) => finding.candidates.length > 0).slice(0, mostBlindFrames),
  );
  const settled = searched.map((frame, index) =>
    settle(input, {
      ...frame,
      index,
      texts,
      throwing: index === throwing,
      innermost: frame.trace.exception !== searched[index - 1]?.trace.exception,
      judged: judged.has(frame),
    }),
  );
  const findings = withEnclosing(input, withoutFlags(settled), texts);
  return findings.some((finding) => finding.candidates.length > 0)
    ? findings
    : [...findings, ...(await searchMessage(input, commit, findings.length))];
}

/** Asked for together, so that the repository can answer them together. */
async function readTexts(
  { repository, syntax }: LocateInput,
  commit: string,
  frames: readonly NamedFrame[],
): Promise<Map<string, string>> {
  const wanted = frames
    .slice(0, mostReadFrames)
    .flatMap(({ finding }) => finding.candidates.slice(0, mostReadPerFrame));
  const texts = new Map<string, string>();
  await Promise.all(
    [...new Set(wanted)].map(async (path) => {
      const text = await repository.readText(commit, path);
      if (text !== null) texts.set(path, text);
    }),
  );
  await syntax.prepare([...texts.keys()]);
  return texts;
}

type SettleInput = NamedFrame & {
  index: number;
  texts: ReadonlyMap<string, string>;
  throwing: boolean;
  /** Nothing that it called is in the trace. */
  innermost: boolean;
  judged: boolean;
};

function settle({ event, syntax }: LocateInput, frame: SettleInput): Finding {
  const candidates = frame.finding.candidates.slice(0, mostReadPerFrame).flatMap((path): ReadCandidate[] => {
    const text = frame.texts.get(path);
    return text === undefined ? [] : [{ path, text }];
  });
  const settled = settleFrame({ index: frame.index, trace: frame.trace, finding: frame.finding, candidates });
  const text = settled.located.path === null ? undefined : frame.texts.get(settled.located.path);
  const unsure = text !== undefined && settled.located.contextMatches === null && frame.judged;
  const located = unsure ? blind({ event, syntax }, frame, settled.located, text) : settled.located;
  const column = located.line === frame.trace.frame.line ? frame.trace.frame.column : null;
  return { ...settled, located, enclosing: null, column };
}

/** Parsing costs more than all the rest, so only the finding that decides is parsed for its function. */
function withEnclosing(
  { syntax }: LocateInput,
  findings: readonly Finding[],
  texts: ReadonlyMap<string, string>,
): Finding[] {
  const nearest = nearestOwn(findings);
  const { path = null, line = null } = nearest?.located ?? {};
  const text = path === null ? undefined : texts.get(path);
  if (path === null || line === null || text === undefined) return [...findings];
  const enclosing = syntax.enclosingFunction(path, text, line)?.name ?? null;
  return findings.map((finding) => (finding === nearest ? { ...finding, enclosing } : finding));
}

/** No source line of the event can confirm the line: names and the message must do. */
function blind(
  { event, syntax }: { event: CrashEvent; syntax: LocateInput['syntax'] },
  { trace, language, throwing, innermost }: SettleInput,
  located: LocatedFrame,
  text: string,
): LocatedFrame {
  const name = functionName(trace.frame.function, language);
  const exception = trace.exception === null ? undefined : event.exceptions[trace.exception];
  return judgeBlindLine({
    located,
    lines: text.split('\n'),
    language,
    innermost,
    column: trace.frame.column,
    namesakes: name === null ? [] : syntax.functionsNamed(located.path ?? '', text, name.name),
    // A panic begins in the standard library; every other message is of the innermost frame.
    evidence:
      throwing && exception && (innermost || language === 'rust')
        ? evidenceOf(exception.value, language)
        : null,
  });
}

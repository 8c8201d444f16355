// Searches the repository for what a frame is called, or for the words of the message, when no path helps.
// It must not decide how much a hit is worth.

import type { Finding } from '../../domain/locate/choose.ts';
import type { PathFinding } from '../../domain/locate/find-path.ts';
import { functionName } from '../../domain/locate/function-name.ts';
import type { Language } from '../../domain/locate/language.ts';
import { distinctivePieces } from '../../domain/locate/message-search.ts';
import { byMessage } from '../../domain/locate/settle-frame.ts';
import { bySymbol, definitionPattern, sourceEndings } from '../../domain/locate/symbol-search.ts';
import type { TraceFrame } from '../../domain/locate/trace.ts';
import type { LocateInput } from '../locate-crash.ts';

/** A search reads the whole tree: only the frames nearest to the crash are worth one. */
const mostHits = 200;
const mostDefiners = 12;

type NamedFrame = { trace: TraceFrame; language: Language; finding: PathFinding };

/** Looks up who defines the frame's function, for an own frame that no path led anywhere. */
export async function searchSymbol<F extends NamedFrame>(
  input: LocateInput,
  commit: string,
  frame: F,
): Promise<F> {
  const { trace, language, finding } = frame;
  const pathless = trace.frame.filename === null && trace.frame.absPath === null;
  if (!pathless || !finding.own || finding.candidates.length > 0 || trace.frame.inApp === false) return frame;
  const name = functionName(trace.frame.function, language);
  const pattern = name && definitionPattern(name);
  if (!name || !pattern || !input.history) return frame;
  const hits = await input.history.searchPattern(commit, pattern, {
    limit: mostHits,
    endings: sourceEndings[language],
  });
  const paths = [...new Set(hits.map((hit) => hit.path))].slice(0, mostDefiners);
  const texts = await Promise.all(paths.map((path) => input.repository.readText(commit, path)));
  await input.syntax.prepare(paths);
  const definers = paths.filter(
    (path, at) => input.syntax.functionsNamed(path, texts[at] ?? '', name.name).length > 0,
  );
  return { ...frame, finding: bySymbol(definers, name) ?? finding };
}

/** The files that hold the message's own words, as one finding that never carries a line. */
export async function searchMessage(input: LocateInput, commit: string, index: number): Promise<Finding[]> {
  const pieces = distinctivePieces(input.event);
  const hits = await Promise.all(pieces.map((piece) => input.repository.searchText(commit, piece, mostHits)));
  const finding = byMessage(
    index,
    hits.map((found) => found.map((hit) => hit.path)),
  );
  return finding === null ? [] : [finding];
}

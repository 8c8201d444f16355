// From an event's stack to the place in the repository: the steps, in order.
// It must not decide: which path, which line and how sure is src/domain/locate/'s.

import type { CrashEvent } from '../domain/crash-event.ts';
import type { LocatedFrame, Location } from '../domain/location.ts';
import { chooseSuspect, type Finding } from '../domain/locate/choose.ts';
import { indexFiles, type FileIndex } from '../domain/locate/file-index.ts';
import { findPath, type PathMapping } from '../domain/locate/find-path.ts';
import { languageOf } from '../domain/locate/language.ts';
import { manifestPaths, readManifests, type Manifests } from '../domain/locate/manifests.ts';
import { settleFrame, type ReadCandidate } from '../domain/locate/settle-frame.ts';
import { traceOf, type TraceFrame } from '../domain/locate/trace.ts';
import type { Repository, Syntax } from '../ports.ts';

export type LocateInput = {
  event: CrashEvent;
  repository: Repository;
  syntax: Syntax;
  /** The commit to name lines at: today's head. */
  base: string;
  mappings: readonly PathMapping[];
};

/** What is known of a commit's files; costs one listing, so it is kept. */
type RepositoryIndex = { files: FileIndex; manifests: Manifests };

/** A candidate beyond these is not read: reading is what costs. */
const mostReadPerFrame = 8;
const mostReadFrames = 40;

/** Two commits cover a project whose head moves while its fixes run. */
const keptCommits = 4;
const keptIndexes = new Map<string, Promise<RepositoryIndex>>();

/**
 * Locates every frame of the event at `base`, and the suspect among them. Throws only what the
 * repository throws; whatever the event holds, the answer is a Location.
 */
export async function locateCrash(input: LocateInput): Promise<Location> {
  const index = await indexOf(input.repository, input.base);
  const texts = textReader(input);
  const findings: Finding[] = [];
  for (const [position, trace] of traceOf(input.event).entries())
    findings.push(await locateFrame({ position, trace, input, index, texts }));
  return chooseSuspect(findings);
}

type FrameInput = {
  position: number;
  trace: TraceFrame;
  input: LocateInput;
  index: RepositoryIndex;
  texts: (path: string) => Promise<string | null>;
};

async function locateFrame({ position, trace, input, index, texts }: FrameInput): Promise<Finding> {
  const question = { index: index.files, manifests: index.manifests, mappings: input.mappings };
  const language = languageOf(trace.frame, input.event.platform);
  const finding = findPath(trace.frame, language, question);
  const read = position < mostReadFrames ? finding.candidates.slice(0, mostReadPerFrame) : [];
  const candidates: ReadCandidate[] = [];
  for (const path of read) {
    const text = await texts(path);
    if (text !== null) candidates.push({ path, text });
  }
  const settled = settleFrame({ index: position, trace, finding, candidates });
  return { ...settled, enclosing: enclosingName(settled.located, candidates, input.syntax) };
}

function enclosingName(
  located: LocatedFrame,
  candidates: readonly ReadCandidate[],
  syntax: Syntax,
): string | null {
  const text = candidates.find((candidate) => candidate.path === located.path)?.text;
  if (text === undefined || located.path === null || located.line === null) return null;
  return syntax.enclosingFunction(located.path, text, located.line)?.name ?? null;
}

/** Frames of one stack often stand in the same file. */
function textReader({ repository, base }: LocateInput): FrameInput['texts'] {
  const read = new Map<string, Promise<string | null>>();
  return (path) => {
    const known = read.get(path) ?? repository.readText(base, path);
    read.set(path, known);
    return known;
  };
}

/** A commit's name says exactly what its files are, so what was indexed once stays true. */
async function indexOf(repository: Repository, commit: string): Promise<RepositoryIndex> {
  const known = keptIndexes.get(commit);
  if (known) return known;
  const made = buildIndex(repository, commit);
  keptIndexes.set(commit, made);
  for (const oldest of [...keptIndexes.keys()].slice(0, -keptCommits)) keptIndexes.delete(oldest);
  try {
    return await made;
  } catch (error) {
    keptIndexes.delete(commit);
    throw error;
  }
}

async function buildIndex(repository: Repository, commit: string): Promise<RepositoryIndex> {
  const paths = await repository.listFiles(commit);
  const files: { path: string; text: string }[] = [];
  for (const path of manifestPaths(paths)) {
    const text = await repository.readText(commit, path);
    if (text !== null) files.push({ path, text });
  }
  return { files: indexFiles(paths), manifests: readManifests(files) };
}

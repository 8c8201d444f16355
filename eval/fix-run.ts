// Runs the fixers over one case, up the whole ladder, and judges what they propose by the hidden test.
// It must not help the fixers: they see the event and the repository only.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createChecks } from '../src/checks/checks.ts';
import { createToolchain } from '../src/checks/toolchain.ts';
import { Later, Refusal } from '../src/domain/failure.ts';
import type { LadderStep } from '../src/domain/fix.ts';
import { changeLimits } from '../src/domain/proof/limits.ts';
import { createReproducer } from '../src/fixers/reproduce/reproducer.ts';
import { createTemplates } from '../src/fixers/templates/fixer.ts';
import { workHere } from '../src/fixers/work-here.ts';
import { openLocal, type LocalRepository } from '../src/git/local.ts';
import { diagnoseCrash, type Found } from '../src/jobs/diagnose-crash.ts';
import { repair } from '../src/jobs/repair.ts';
import type { CrashEvent } from '../src/domain/crash/crash-event.ts';
import type { Checks, Log, Worktree } from '../src/ports.ts';
import { openSandbox } from '../src/run/open-sandbox.ts';
import { parseEvent } from '../src/sentry/parse-event.ts';
import { parseRust } from '../src/syntax/parsers.ts';
import { createSourceMaps } from '../src/syntax/source-maps.ts';
import { createSyntax } from '../src/syntax/syntax.ts';
import type { HiddenTest } from './fix-case.ts';
import { installPackages, judge } from './hidden-test.ts';
import type { LocateCase } from './locate-case.ts';
import { isSameFix } from './same-fix.ts';

/** `not judged`: no verified test says whether it is right and it is not what people wrote, or the case could not be run. */
export type Verdict = 'fixed' | 'wrong' | 'refused' | 'not judged';

export type FixResult = {
  case: LocateCase;
  verdict: Verdict;
  /** The strategy of what was proposed; else why nothing was. */
  why: string;
  diff: string;
  /** Every step that was climbed; empty where none was. */
  ladder: LadderStep[];
  ms: number;
};

type Answer = Omit<FixResult, 'case' | 'ms'>;

const silent: Log = { info() {}, warn() {}, error() {}, child: () => silent };
const reading = { syntax: createSyntax(), sourceMaps: createSourceMaps() };

/** Takes the case, its bare clone and how long one check may take. */
export async function runCase(one: LocateCase, from: { clone: string; minutes: number }): Promise<FixResult> {
  const started = performance.now();
  const answer = await answerTo(one, from).catch((error: unknown) => stopped(error));
  return { case: one, ...answer, ms: performance.now() - started };
}

function stopped(error: unknown): Answer {
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof Refusal || error instanceof Later) return refused(why);
  // A clone without some of its files, or packages that cannot be had: nothing was asked of the fixers.
  return { verdict: 'not judged', why: `it could not be run: ${why}`, diff: '', ladder: [] };
}

function refused(why: string | null, ladder: LadderStep[] = []): Answer {
  return { verdict: 'refused', why: why ?? 'no reason was given', diff: '', ladder };
}

async function answerTo(
  one: LocateCase,
  { clone, minutes }: { clone: string; minutes: number },
): Promise<Answer> {
  await using repository = await openLocal(clone, silent);
  const base = await repository.resolveRevision(one.baseCommit);
  if (base === null) throw new Error(`${one.id}: the clone ${clone} lacks the commit ${one.baseCommit}.`);
  const event = parseEvent(one.sentryEvent);
  const found = await diagnoseCrash(reading, { event, repository, base, mappings: [] });
  if (!found.diagnosis.actionable) return refused(found.diagnosis.reason);
  if (found.location.refusal !== null || !found.location.suspect) return refused(found.location.refusal);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'suture-eval-'));
  try {
    const worktree = await repository.openWorktree('eval', base);
    return await proposal(one, { repository, worktree, event, found, dataDir, timeoutMs: minutes * 60_000 });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

type Ground = {
  repository: LocalRepository;
  worktree: Worktree;
  event: CrashEvent;
  found: Found;
  dataDir: string;
  timeoutMs: number;
};

async function proposal(one: LocateCase, ground: Ground): Promise<Answer> {
  const { repository, worktree, dataDir, timeoutMs } = ground;
  const test = one.test?.verified === true ? one.test : null;
  const { sandbox } = await openSandbox('auto', path.join(dataDir, 'sandbox'));
  const checks = createChecks({ dataDir, sandbox, installHosts: [], log: silent, timeoutMs });
  await prepare(test, { worktree, checks });
  const rust = { parse: parseRust, toolchain: createToolchain({ sandbox, dataDir }, timeoutMs) };
  const repaired = await repair(
    {
      checks,
      fixers: [createTemplates({ log: silent, scripts: workHere, rust })],
      reproducer: createReproducer({ scripts: workHere, rust }),
    },
    {
      task: taskOf(ground),
      worktree,
      protectedPaths: [],
      limits: changeLimits,
      progress: async () => {},
    },
  );
  if (repaired.outcome !== 'fixed') return refused(repaired.reason, repaired.ladder);
  const { diff, ladder } = repaired;
  const { strategy } = repaired.description;
  const proposed = { why: strategy, diff, ladder };
  const same = await isSameFix(one, { repository, worktree, files: repaired.files });
  const said = test ? await judge(test, { repository, worktree, checks }) : { unknown: 'it has no test' };
  if (typeof said !== 'object') return { ...proposed, verdict: said === 'green' ? 'fixed' : 'wrong' };
  if (same) return { ...proposed, verdict: 'fixed', why: `${strategy}; it is what people wrote` };
  return { ...proposed, verdict: 'not judged', why: `${strategy}; ${said.unknown}` };
}

/** What the project asks for itself, as the app installs it; where that cannot be had any more, what its test was seen with. */
async function prepare(
  test: HiddenTest | null,
  { worktree, checks }: { worktree: Worktree; checks: Checks },
): Promise<void> {
  if (!test?.packages) return;
  try {
    await checks.install(worktree.dir);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await installPackages(test.packages, worktree.dir);
  }
}

function taskOf({ event, found }: Ground): Parameters<typeof repair>[1]['task'] {
  const problem = { shortId: 'EVAL-1', title: event.title };
  return { problem, event, ...found, hint: null, previousFailure: null };
}

// `suture locate` and `suture fix` on someone's own repository and an event file. They never push.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createChecks } from './checks/checks.ts';
import { Refusal } from './domain/failure.ts';
import type { PathMapping } from './domain/locate/find-path.ts';
import type { Location } from './domain/crash/location.ts';
import type { Fixing } from './config.ts';
import { createFixers, spendingsInMemory } from './fixing.ts';
import { createReproducer } from './fixers/reproduce/reproducer.ts';
import { workHere } from './fixers/work-here.ts';
import { openLocal, type LocalRepository } from './git/local.ts';
import { chosenFixers } from './jobs/chosen-fixers.ts';
import { diagnoseCrash, type Found } from './jobs/diagnose-crash.ts';
import { repair, type RepairResult } from './jobs/repair.ts';
import { settingsAt } from './jobs/settings-at.ts';
import type { CrashEvent } from './domain/crash/crash-event.ts';
import type { Fixer, Log } from './ports.ts';
import { openSandbox, type OpenSandbox } from './run/open-sandbox.ts';
import type { SandboxSettings } from './run/settings.ts';
import { parseEvent } from './sentry/parse-event.ts';
import { parseRust } from './syntax/parsers.ts';
import { createSourceMaps } from './syntax/source-maps.ts';
import { createSyntax } from './syntax/syntax.ts';
import { createDocuments } from './syntax/yaml.ts';

export type LocalInput = {
  event: string;
  repo: string;
  rev: string;
  mappings: readonly PathMapping[];
  fixer: string | null;
  sandbox: SandboxSettings;
  fixing: Fixing;
  log: Log;
};

type Opened = { event: CrashEvent; base: string };

const reading = { syntax: createSyntax(), sourceMaps: createSourceMaps() };

/** What `locate --json` prints (design, section 7). */
export async function locateLocally(input: LocalInput): Promise<Location> {
  await using repository = await openLocal(input.repo, input.log);
  const opened = await open(input, repository);
  return (await diagnoseCrash(reading, { ...opened, repository, mappings: input.mappings })).location;
}

export type LocalFix = {
  outcome: 'fixed' | 'refused' | 'not-actionable' | 'failed';
  fixer: string | null;
  diagnosis: string[];
  files: string[];
  diff: string;
  ladder: RepairResult['ladder'];
  reproduced: boolean;
  reason: string | null;
};

/** What `fix --json` prints (design, section 7). Leaves the repository as it was. */
export async function fixLocally(input: LocalInput): Promise<LocalFix> {
  await using repository = await openLocal(input.repo, input.log);
  const opened = await open(input, repository);
  const settings = await settingsAt({ documents: createDocuments() }, { repository, commit: opened.base });
  const found = await diagnoseCrash(reading, { ...opened, repository, mappings: input.mappings });
  const stopped = stopBefore(found);
  if (stopped) return stopped;
  const dataDir = await mkdtemp(path.join(tmpdir(), 'suture-'));
  try {
    const worktree = await repository.openWorktree('local-fix', opened.base);
    const { event } = opened;
    const confined = await openSandbox(input.sandbox.kind, path.join(dataDir, 'sandbox'));
    const { sandbox } = confined;
    const { installHosts, ownNode } = input.sandbox;
    const repaired = await repair(
      {
        checks: createChecks({ dataDir, sandbox, installHosts, ownNode, log: input.log }),
        fixers: fixersNamed(input, { dataDir, sandbox: confined }),
        reproducer: createReproducer({ scripts: workHere, rust: { parse: parseRust } }),
      },
      {
        task: {
          problem: { shortId: event.id, title: event.title },
          event,
          ...found,
          hint: null,
          previousFailure: null,
        },
        worktree,
        protectedPaths: settings.protectedPaths,
        limits: settings.limits,
        checks: settings.checks,
        progress: async (step) => input.log.info({ step }, 'step'),
      },
    );
    return localFix(found, repaired);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function open(input: LocalInput, repository: LocalRepository): Promise<Opened> {
  const event = parseEvent(await readJson(input.event));
  const base = await repository.resolveRevision(input.rev);
  if (base === null)
    throw new Refusal(`${input.repo} has no commit named ${input.rev}; give another with --rev.`);
  return { event, base };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    throw new Refusal(
      `${file}: ${why}. --event takes a Sentry event as the REST API returns it (/events/latest/).`,
    );
  }
}

const nothing = { fixer: null, files: [], diff: '', ladder: [], reproduced: false };

function stopBefore({ location, diagnosis }: Found): LocalFix | null {
  const said = { ...nothing, diagnosis: diagnosis.sentences };
  if (!diagnosis.actionable) return { ...said, outcome: 'not-actionable', reason: diagnosis.reason };
  if (location.refusal !== null) return { ...said, outcome: 'refused', reason: location.refusal };
  if (location.suspect !== null) return null;
  return { ...said, outcome: 'refused', reason: 'I found no line of this repository in the stack trace.' };
}

function fixersNamed(
  { fixing, fixer, log }: LocalInput,
  at: { dataDir: string; sandbox: OpenSandbox },
): readonly Fixer[] {
  const clock = { now: () => Date.now() };
  const all = createFixers({ scripts: workHere, fixing, clock, log, spendings: spendingsInMemory(), ...at });
  return chosenFixers(all, fixer);
}

function localFix(found: Found, repaired: RepairResult): LocalFix {
  const { outcome, fixer, ladder } = repaired;
  const said = { ...nothing, outcome, fixer, ladder, diagnosis: found.diagnosis.sentences };
  if (repaired.outcome !== 'fixed') return { ...said, reason: repaired.reason };
  const { files, diff, reproduced } = repaired;
  return { ...said, files, diff, reproduced, reason: null };
}

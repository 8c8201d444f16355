// Resolves the problem of one merged fix at the source, and notes the pull request there.
// `resolveFix` is only ever called for a merged pull request whose checks passed (promise 1); one problem at a time,
// never in bulk.

import type { Fix, Resolution } from '../domain/fix.ts';
import type { Binding } from '../domain/problem.ts';
import { archivedNote, goneNote, nextTry, refusedNote, type ResolveRefused } from '../domain/resolving.ts';
import { sourceNote } from '../domain/wording.ts';
import type { Ports, ResolveHow } from '../ports.ts';
import { refreshJob, settleJob } from './receive-delivery.ts';
import { readKnownSettings } from './view.ts';
import { watchJob } from './watch.ts';

type Needs = Pick<Ports, 'source' | 'store' | 'clock' | 'log'>;

type Attempt = { resolution: Resolution } | { later: number } | { forbidden: string };

/** Null when the source does not take it now: then the timer, or a job of its own, tries again. */
export async function resolveFix(ports: Needs, binding: Binding, fix: Fix): Promise<Fix | null> {
  const tried = await tryToResolve(ports, binding, fix);
  if ('later' in tried) {
    await ports.store.send([settleJob(fix.id, tried.later)]);
    return null;
  }
  if ('forbidden' in tried) return holdUp(ports, fix, tried.forbidden);
  ports.log.info({ fix: fix.id, problem: fix.shortId, how: tried.resolution.how }, 'resolved at the source');
  return noteResolution(ports, binding, { fix, resolution: tried.resolution });
}

/**
 * The checks were green when it was asked to resolve, and are not any more; the answer was lost with the run that
 * asked. Resolves nothing.
 */
export async function lookBack(ports: Needs, binding: Binding, fix: Fix): Promise<Fix | null> {
  const resolution = await resolutionThere(ports, binding, fix);
  if (resolution) return noteResolution(ports, binding, { fix, resolution });
  return ports.store.updateFix(fix.id, (known) => ({
    ...known,
    facts: { ...known.facts, resolving: false },
  }));
}

function noteResolution(
  ports: Needs,
  binding: Binding,
  { fix, resolution }: { fix: Fix; resolution: Resolution },
): Promise<Fix | null> {
  return ports.store.transaction(async (rows) => {
    await rows.removeProblems(binding.id, [fix.problemId]);
    await rows.send([refreshJob(binding.id), watchJob(fix.id)]);
    return rows.updateFix(fix.id, (known) => ({
      ...known,
      facts: { ...known.facts, resolution, resolving: false, heldUp: null, announced: false },
    }));
  });
}

/** Null while the source shows it as unresolved. */
async function resolutionThere(
  ports: Pick<Needs, 'source' | 'clock'>,
  binding: Binding,
  fix: Fix,
): Promise<Resolution | null> {
  const at = ports.clock.now();
  const problem = await ports.source.readProblem(binding.source, fix.problemId);
  if (!problem) return { at, how: 'gone', note: goneNote };
  if (problem.status === 'unresolved') return null;
  return { at, how: 'already', note: problem.status === 'ignored' ? archivedNote : null };
}

const commitDelayMs = 60_000;

/** 1. as it is now  2. what the repository asked for  3. what is left where Sentry refuses that. */
async function tryToResolve(ports: Needs, binding: Binding, fix: Fix): Promise<Attempt> {
  const at = ports.clock.now();
  const resolution = await resolutionThere(ports, binding, fix);
  if (resolution) return { resolution };
  // Before it leaves: a run that dies with the answer must not be forgotten, whatever the checks say then.
  await ports.store.updateFix(fix.id, (known) => ({ ...known, facts: { ...known.facts, resolving: true } }));
  const { resolve: wish } = (await readKnownSettings(ports, binding)).settings;
  const { mergeSha = null, mergedAt = null } = fix.facts.pull ?? {};
  const refused: ResolveRefused[] = [];
  for (;;) {
    const next = nextTry({ wish, refused, repo: binding.repo, mergeSha, mergedAt: mergedAt ?? 0, now: at });
    if (next.kind === 'wait') return { later: commitDelayMs };
    const outcome = await ports.source.resolve(binding.source, fix.problemId, next.how);
    if (outcome.done) return { resolution: { at, how: nameOf(next.how), note: refusedNote(refused) } };
    if (outcome.why === 'forbidden') return { forbidden: outcome.sentence };
    refused.push(outcome.why);
  }
}

function nameOf(how: ResolveHow): Resolution['how'] {
  return typeof how === 'string' ? how : 'in-commit';
}

/** Said on the triage issue; the timer tries again, so that a token that got its scope needs nobody's help. */
async function holdUp(ports: Needs, fix: Fix, sentence: string): Promise<null> {
  if (fix.facts.heldUp === sentence) return null;
  await ports.store.updateFix(fix.id, (known) => ({
    ...known,
    facts: { ...known.facts, heldUp: sentence },
  }));
  await ports.store.send([refreshJob(fix.bindingId)]);
  return null;
}

/** A note under the problem with the pull request's address, where the token may write one; once. */
export async function noteFix(ports: Needs, binding: Binding, fix: Fix): Promise<Fix | null> {
  const { pull, resolution } = fix.facts;
  if (pull && resolution && resolution.how !== 'gone') {
    const note = { text: sourceNote(pull), key: pull.url };
    const outcome = await ports.source.note(binding.source, fix.problemId, note);
    if (outcome === 'refused')
      ports.log.info({ fix: fix.id, problem: fix.shortId }, 'the token may not write notes at the source');
  }
  return ports.store.updateFix(fix.id, (known) => ({ ...known, facts: { ...known.facts, noted: true } }));
}

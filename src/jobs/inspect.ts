// Looks at the newest events of what waits, so that people see where it crashed before they decide.
// It changes no code, starts nothing, and costs little: at most ten problems a turn, each at most every six hours.

import { Refusal } from '../domain/failure.ts';
import {
  emptyFinding,
  findingOf,
  needsLook,
  type Finding,
  type LineAuthor,
} from '../domain/triage/finding.ts';
import { maskedEvent } from '../domain/triage/masked.ts';
import type { Binding, Problem } from '../domain/problem.ts';
import { withFolds } from '../domain/triage/triage-issue.ts';
import type { Waiting } from '../domain/triage/triage-view.ts';
import type { JobData, Ports, Repository } from '../ports.ts';
import { bindingOf } from './bindings.ts';
import { diagnoseCrash } from './diagnose-crash.ts';
import { refreshJob } from './receive-delivery.ts';
import { readView } from './view.ts';

type Needs = Pick<
  Ports,
  'source' | 'host' | 'git' | 'syntax' | 'sourceMaps' | 'store' | 'clock' | 'bindings' | 'log'
>;

/** Two requests to the source for each; the mirror is fetched once. */
const mostPerTurn = 10;

/** 1. what nobody has looked at  2. fetch the code  3. look at each  4. show it. */
export async function inspect(ports: Needs, data: JobData['inspect']): Promise<void> {
  const binding = bindingOf(ports, data.bindingId);
  const view = await readView(ports, binding);
  const now = ports.clock.now();
  const due = withFolds(view)
    .filter(({ problem, finding }) => needsLook(problem, finding ?? undefined, now))
    .slice(0, mostPerTurn);
  if (due.length === 0) return;
  const place = await openCode(ports, binding, view.settings.baseBranch);
  if (place === null) return;
  for (const waiting of due) {
    const found = await look(ports, { binding, waiting, place, mask: view.settings.mask, now });
    await ports.store.saveFinding(binding.id, found);
  }
  await ports.store.send([refreshJob(binding.id)]);
}

type Code = { repository: Repository; head: string; webUrl: string };

async function openCode(ports: Needs, binding: Binding, baseBranch: string | null): Promise<Code | null> {
  const { defaultBranch, webUrl } = await ports.host.readRepository(binding.repo);
  const repository = await ports.git.fetchMirror(binding.repo, await ports.host.gitAccess(binding.repo));
  const head = await repository.resolveRevision(baseBranch ?? defaultBranch);
  return head === null ? null : { repository, head, webUrl };
}

type Look = { binding: Binding; waiting: Waiting; place: Code; mask: readonly string[]; now: number };

async function look(ports: Needs, asked: Look): Promise<Finding> {
  const { waiting, place, now } = asked;
  const nothing = emptyFinding({ problem: waiting.problem, head: place.head, now }, null);
  try {
    return (await lookAt(ports, asked)) ?? nothing;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ports.log.info({ problem: waiting.problem.shortId, reason: error.message }, 'nothing to look at');
    return nothing;
  }
}

/** Null when there is no event to look at. */
async function lookAt(ports: Needs, asked: Look): Promise<Finding | null> {
  const { binding, waiting, place, now } = asked;
  const problem = await ports.source.readProblem(binding.source, waiting.problem.id);
  const event = await ports.source.readLatestEvent(binding.source, waiting.problem.id);
  if (problem === null || event === null) return null;
  const { finding } = waiting;
  if (finding?.eventId === event.id && finding.head === place.head)
    return { ...finding, at: now, seenAt: waiting.problem.lastSeen, releases: problem.releases };
  const { repository, head, webUrl } = place;
  const shown = maskedEvent(event, asked.mask);
  const mappings = await ports.source.readPathMappings(binding.source, binding.repo);
  const { location, diagnosis } = await diagnoseCrash(ports, {
    event: shown,
    repository,
    base: head,
    mappings,
  });
  const { suspect } = location;
  const author = suspect ? await lastChange(repository, head, suspect) : null;
  const seen: Problem = { ...waiting.problem, releases: problem.releases };
  return findingOf({ problem: seen, event: shown, location, diagnosis, head, webUrl, author, now });
}

async function lastChange(
  { history }: Repository,
  head: string,
  { path, line }: { path: string; line: number },
): Promise<LineAuthor | null> {
  const [blamed] = (await history?.blame(head, path, { from: line, to: line })) ?? [];
  return blamed ? { commit: blamed.commit, name: blamed.author, at: blamed.at } : null;
}

// `/sentry retry`: another attempt, on the pull request that is open or from the start.

import type { Target } from '../../domain/triage/command.ts';
import type { Fix } from '../../domain/fix.ts';
import { stageOf } from '../../domain/stage.ts';
import { hintsUnread, retryWhich, reworking } from '../../domain/wording.ts';
import type { Ports } from '../../ports.ts';
import { chosenFixers } from '../chosen-fixers.ts';
import { askForRework } from '../rework.ts';
import { findTarget, type Known, type Scene } from '../scene.ts';
import { allowed } from './allowed.ts';
import { missingFixer, startedAnswers, startOne } from './start.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'bindings' | 'signer' | 'fixers'>;

/** Another attempt where an earlier one ended. */
export async function retryOne(
  ports: Needs,
  scene: Scene,
  asked: { target: Target | null; hint: string | null; fixer?: string },
): Promise<string[]> {
  const { hint, fixer = null } = asked;
  const missing = missingFixer(ports, fixer);
  if (missing !== null) return [missing];
  const known = asked.target ? findTarget(scene, asked.target) : ofThisPull(scene);
  if (known === null) return [retryWhich];
  if (typeof known === 'string') return [known];
  if (!(await allowed(ports, scene, known.place, '`/sentry retry`'))) return [];
  const latest = known.place.fixes.findLast((fix) => fix.problemId === known.problemId);
  const open = known.place.fixes.find((fix) => fix.id === latest?.facts.joined?.fixId) ?? latest;
  const unread = unreadHint(ports, hint, fixer);
  if (open?.facts.proposal && open.facts.pull && stageOf(open.facts) === 'proposed')
    return [...(await reworkOne(ports, scene, { known, fix: open, hint: hint ?? '', fixer })), ...unread];
  const started = await startOne(ports, scene, {
    known,
    hint,
    again: 'any',
    manner: { anyway: false, fixer },
  });
  return [...startedAnswers([started]), ...(started.outcome === 'started' ? unread : [])];
}

/** Templates decide by code alone: whoever added words must know that. */
function unreadHint({ fixers }: Needs, hint: string | null, fixer: string | null): string[] {
  const asked = chosenFixers(fixers, fixer);
  const isRead = hint === null || asked.some(({ readsHints }) => readsHints);
  return isRead ? [] : [hintsUnread(asked.map(({ name }) => name))];
}

async function reworkOne(
  ports: Needs,
  { data }: Scene,
  wish: { known: Known; fix: Fix; hint: string; fixer: string | null },
): Promise<string[]> {
  const { fix, hint, fixer } = wish;
  const { binding } = wish.known.place;
  await askForRework(ports, { binding, fix, by: data.author.login, at: data.at, hint, fixer });
  return [reworking(fix.facts.pull?.number ?? 0)];
}

function ofThisPull({ fix }: Scene): Known | null {
  return fix && { place: fix.place, problemId: fix.fix.problemId, shortId: fix.fix.shortId };
}

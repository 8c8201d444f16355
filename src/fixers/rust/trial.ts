// Tries plans on the checkout and lets the target's own compiler choose.
// It must put the file back as it was unless a plan was accepted.

import { writeFileSync } from 'node:fs';
import type { Toolchain } from '../../ports.ts';
import { applyEdits } from '../templates/edits.ts';
import type { Target } from '../templates/eligible.ts';
import { newProblems } from '../templates/new-problems.ts';
import type { Declined, Plan } from '../templates/template.ts';
import type { PlanGroups } from './template.ts';

export type Trial = { firstAccepted(groups: PlanGroups): Promise<Plan | Declined> };

type Ground = {
  toolchain: Toolchain;
  dir: string;
  target: Target;
  /** What the compiler said before. */
  before: readonly string[];
  /** Whether the file is written as the project's formatter writes it. */
  formatted: boolean;
};

/** A compiler run takes its time. */
const mostTries = 8;

/** Asks compiler and formatter about the file as it is. Declines where the compiler cannot judge a change. */
export async function openTrial(
  toolchain: Toolchain,
  { dir, target }: { dir: string; target: Target },
): Promise<Trial | Declined> {
  const { path } = target.suspect;
  const said = await toolchain.diagnose(dir, path);
  if (!said.ran) return { why: said.why };
  if (said.found.some((text) => text.includes(' error ')))
    return { why: 'The crate does not compile before any change, so the compiler cannot judge one.' };
  const formatted = (await toolchain.format(dir, path, target.text)) === target.text;
  const ground = { toolchain, dir, target, before: said.found, formatted };
  return { firstAccepted: (groups) => firstAccepted(ground, groups) };
}

async function firstAccepted(ground: Ground, groups: PlanGroups): Promise<Plan | Declined> {
  let tries = 0;
  let complaint = '';
  let kept: Accepted | null = null;
  try {
    for (const group of groups) {
      const answers = await attemptAll(ground, group.slice(0, mostTries - tries));
      tries += answers.length;
      const [only, another] = answers.flatMap((answer) => ('text' in answer ? [answer] : []));
      if (another)
        return {
          why: 'Several errors of the crate would fit here, and which one is meant is for a person to say.',
        };
      kept = only ?? null;
      if (kept) return kept.plan;
      complaint ||= answers.flatMap((answer) => ('why' in answer ? [answer.why] : []))[0] ?? '';
    }
    return { why: `With the change the compiler says: ${complaint}` };
  } finally {
    writeFileSync(ground.target.path, kept?.text ?? ground.target.text);
  }
}

async function attemptAll(ground: Ground, group: readonly Plan[]): Promise<(Accepted | Declined)[]> {
  const answers: (Accepted | Declined)[] = [];
  for (const plan of group) answers.push(await attempt(ground, plan));
  return answers;
}

type Accepted = { plan: Plan; text: string };

async function attempt(
  { toolchain, dir, target, before, formatted }: Ground,
  plan: Plan,
): Promise<Accepted | Declined> {
  const { path } = target.suspect;
  const changed = applyEdits(target.text, plan.edits);
  const text = formatted ? ((await toolchain.format(dir, path, changed)) ?? changed) : changed;
  writeFileSync(target.path, text);
  const said = await toolchain.diagnose(dir, path);
  if (!said.ran) return { why: said.why };
  const [added] = newProblems(before, said.found);
  return added === undefined ? { plan, text } : { why: ended(added) };
}

function ended(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

// The built-in fixer: asks each template in turn, and writes the first plan that the type checker accepts.
// It must leave the checkout untouched when it refuses, and never runs a program.

import { writeFileSync } from 'node:fs';
import { realpathSync } from 'node:fs';
import type { Fixer, FixerResult, FixTask, Log } from '../../ports.ts';
import { findCandidates } from './candidates.ts';
import { crashOfEvent } from './crash.ts';
import type { Crash } from './crash.ts';
import { fitsCrash, narrowByColumn, toDereference } from './dereference.ts';
import { applyEdits } from './edits.ts';
import { eligibleTarget } from './eligible.ts';
import type { Target } from './eligible.ts';
import { openProject } from './project.ts';
import { templates } from './table.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene } from './template.ts';

type Tried = { what: string; why: string }[];

/**
 * The fixer `templates` (design section 6). Throws nothing of its own: whatever it cannot decide is a
 * refusal with a sentence for each step it tried.
 */
export function createTemplates({ log }: { log: Log }): Fixer {
  return {
    name: 'templates',
    async fix(task, dir) {
      const result = fixIn(task, realpathSync(dir));
      const fields =
        result.outcome === 'changed'
          ? { strategy: result.description.strategy }
          : { tried: result.tried.length };
      log.info({ ...fields, outcome: result.outcome }, 'templates are done');
      return result;
    },
  };
}

function fixIn(task: FixTask, dir: string): FixerResult {
  const target = eligibleTarget(task, dir);
  if (isDeclined(target)) return refused('templates', target);
  const crash = crashOfEvent(task.event);
  if (!crash)
    return refused('templates', {
      why: 'The message is none that templates know: a missing value, an empty `reduce`, text that is not JSON, or a promise nobody waited for.',
    });
  const place = { crash, target, dir };
  let scene = sceneOf(task, place);
  const tried: Tried = [];
  for (const template of templates.filter((one) => one.kinds.includes(crash.kind))) {
    if (isDeclined(scene)) return refused('templates', scene);
    const plan = template.plan(scene);
    const why = isDeclined(plan) ? plan.why : write(plan, scene, target);
    if (why === null && !isDeclined(plan)) return { outcome: 'changed', description: plan.description };
    tried.push({ what: template.name, why: why ?? '' });
    // A plan that was tried has changed the tree in memory, so the next template gets a fresh one.
    if (!isDeclined(plan)) scene = sceneOf(task, place);
  }
  return { outcome: 'refused', tried };
}

function refused(what: string, { why }: Declined): FixerResult {
  return { outcome: 'refused', tried: [{ what, why }] };
}

function sceneOf(
  task: FixTask,
  { crash, target, dir }: { crash: Crash; target: Target; dir: string },
): Scene | Declined {
  const { suspect, path } = target;
  const body = target.text.replace(/^\uFEFF/, '');
  const candidates = findCandidates(path, body, suspect.line);
  if (candidates.length === 0)
    return {
      why: `Nothing in line ${suspect.line} of \`${suspect.path}\` reads from a value, so the crash is not there.`,
    };
  const project = openProject(dir, path);
  if (isDeclined(project)) return project;
  const fitting = candidates
    .flatMap((candidate) => toDereference(project.file, candidate) ?? [])
    .filter((access) => fitsCrash(access, crash));
  if (fitting.length === 0)
    return {
      why: `No expression in line ${suspect.line} of \`${suspect.path}\` fits the message of the crash.`,
    };
  const offset = suspect.column === null ? null : offsetOf(body, suspect.line, suspect.column);
  return { crash, suspect, frames: task.location.frames, project, accesses: narrowByColumn(fitting, offset) };
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

/** Writes the plan when the type checker has no new complaint; else says which. */
function write(plan: Plan, { project }: Scene, target: Target): string | null {
  const mark = target.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const before = project.problems();
  const text = applyEdits(project.file.getFullText(), plan.edits);
  project.file.replaceWithText(text);
  const [added] = newProblems(before, project.problems());
  if (added !== undefined) return `With the change the type checker says: ${added}`;
  writeFileSync(target.path, mark + text);
  return null;
}

function newProblems(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after.filter((problem) => {
    const at = left.indexOf(problem);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

// TypeScript and JavaScript: asks each template in turn, and writes the first plan that the type checker accepts.
// It must leave the checkout untouched when it refuses, and never runs a program.

import { writeFileSync } from 'node:fs';
import type { FixerResult, FixTask } from '../../ports.ts';
import { findCandidates } from './candidates.ts';
import { crashOfEvent } from './crash.ts';
import type { Crash } from './crash.ts';
import { fitsCrash, narrowByColumn, toDereference } from './dereference.ts';
import { applyEdits } from './edits.ts';
import type { Target } from './eligible.ts';
import { newProblems } from './new-problems.ts';
import { openProject } from './project.ts';
import { templates } from './table.ts';
import { isDeclined, nearestFirst, refused } from './template.ts';
import type { Declined, Plan, Scene } from './template.ts';

type Tried = { what: string; declined: Declined }[];

/** Takes a file that a template may touch; `dir` is the resolved checkout. */
export function fixScript(task: FixTask, { target, dir }: { target: Target; dir: string }): FixerResult {
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
    const declined = isDeclined(plan) ? plan : write(plan, scene, target);
    if (!declined && !isDeclined(plan)) return { outcome: 'changed', description: plan.description };
    if (declined) tried.push({ what: template.name, declined });
    // A plan that was tried has changed the tree in memory, so the next template gets a fresh one.
    if (!isDeclined(plan)) scene = sceneOf(task, place);
  }
  return { outcome: 'refused', tried: nearestFirst(tried) };
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
function write(plan: Plan, { project }: Scene, target: Target): Declined | null {
  const mark = target.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const before = project.problems();
  const text = applyEdits(project.file.getFullText(), plan.edits);
  project.file.replaceWithText(text);
  const [added] = newProblems(before, project.problems());
  if (added !== undefined) return { why: `With the change the type checker says: ${added}` };
  writeFileSync(target.path, mark + text);
  return null;
}

// TypeScript and JavaScript: asks each template in turn, and takes the first plan that the type checker accepts.
// It writes nothing and never runs a program.

import type { FixerResult, FixTask } from '../../ports.ts';
import { findCandidates } from './candidates.ts';
import { crashOfEvent } from './crash.ts';
import type { Crash } from './crash.ts';
import { fitsCrash, narrowByColumn, toDereference } from './dereference.ts';
import { applyEdits } from './edits.ts';
import type { Target } from './eligible.ts';
import { newProblems } from './new-problems.ts';
import { openProject, type OpenProject } from './project.ts';
import { templates } from './table.ts';
import { isDeclined, nearestFirst, refused } from './template.ts';
import type { Declined, Plan, Scene } from './template.ts';

type Tried = { what: string; declined: Declined }[];

/** What came of it, and the whole text of the target with the change; null when nothing is to be changed. */
export type ScriptPlan = { result: FixerResult; text: string | null };

export type Place = { target: Target; /** The resolved checkout. */ dir: string };

/** Takes a file that a template may touch, and how its project is opened. */
export function planScript(task: FixTask, place: Place, open: typeof openProject = openProject): ScriptPlan {
  const { target, dir } = place;
  const crash = crashOfEvent(task.event);
  if (!crash)
    return nothing({
      why: 'The message is none that templates know: a missing value, an empty `reduce`, text that is not JSON, or a promise nobody waited for.',
    });
  let scene = sceneOf(task, { crash, target, project: () => open(dir, target.path) });
  const tried: Tried = [];
  for (const template of templates.filter((one) => one.kinds.includes(crash.kind))) {
    if (isDeclined(scene)) return nothing(scene);
    const plan = template.plan(scene);
    const outcome = isDeclined(plan) ? plan : textOf(plan, scene, target);
    if (typeof outcome === 'string' && !isDeclined(plan))
      return { result: { outcome: 'changed', description: plan.description }, text: outcome };
    if (typeof outcome !== 'string') tried.push({ what: template.name, declined: outcome });
    // A plan that was tried has had the tree in memory changed and put back, so its nodes are looked up anew.
    const { project } = scene;
    if (!isDeclined(plan)) scene = sceneOf(task, { crash, target, project: () => project });
  }
  return { result: { outcome: 'refused', tried: nearestFirst(tried) }, text: null };
}

function nothing(why: Declined): ScriptPlan {
  return { result: refused('templates', why), text: null };
}

type Setting = { crash: Crash; target: Target; project: () => OpenProject | Declined };

function sceneOf(task: FixTask, { crash, target, project: open }: Setting): Scene | Declined {
  const { suspect, path } = target;
  const body = target.text.replace(/^\uFEFF/, '');
  const candidates = findCandidates(path, body, suspect.line);
  if (candidates.length === 0)
    return {
      why: `Nothing in line ${suspect.line} of \`${suspect.path}\` reads from a value, so the crash is not there.`,
    };
  const project = open();
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

/** The text with the plan when the type checker has no new complaint; else which one it has. */
function textOf(plan: Plan, { project }: Scene, target: Target): string | Declined {
  const mark = target.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const before = project.problems();
  const original = project.file.getFullText();
  const text = applyEdits(original, plan.edits);
  project.file.replaceWithText(text);
  const [added] = newProblems(before, project.problems());
  project.file.replaceWithText(original);
  return added === undefined ? mark + text : { why: `With the change the type checker says: ${added}` };
}

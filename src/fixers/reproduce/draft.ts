// Writes tests that call the crashing function with the smallest values of its parameters' types.
// It runs nothing and puts no word of the event into a test: names come from the code alone.

import path from 'node:path';
import type { Draft, DraftedCall, FixTask } from '../../ports.ts';
import { readWithin } from '../../run/read-within.ts';
import { crashOfEvent } from '../templates/crash.ts';
import { openProject, type OpenProject } from '../templates/project.ts';
import { withTest } from './add-test.ts';
import { callsOf, type Call } from './calls.ts';
import { mannerOf, type Manner } from './manner.ts';
import { missingWords } from './missing.ts';
import { testPlaceOf, type TestPlace } from './place.ts';
import { subjectOf, type Subject } from './subject.ts';
import { bodiesOf, newFile, scoutName, scoutText } from './test-text.ts';

type Scene = { root: string; subject: Subject; place: TestPlace; manner: Manner; name: string };

export type Drafting = {
  /** The resolved checkout. */
  root: string;
  runner: Manner['runner'];
};

/** Takes the code at its base, and how its project is opened. Gives why not as a clause. */
export function draftTest(
  task: FixTask,
  { root, runner }: Drafting,
  open: typeof openProject = openProject,
): Draft | { why: string } {
  const suspect = task.location.suspect?.path;
  if (suspect === undefined) return { why: 'no line of this repository is known' };
  const project = open(root, path.join(root, suspect));
  if ('why' in project) return { why: 'the types of the file could not be decided' };
  const subject = subjectOf(task, project);
  if ('why' in subject) return { why: `no test can call it: ${subject.why}` };
  const calls = callsOf(subject, crashOfEvent(task.event)?.kind === 'parse');
  if ('why' in calls) return { why: `\`${subject.title}\` cannot be called from a test: ${calls.why}` };
  const place = testPlaceOf(root, subject.path);
  const source = readWithin(root, subject.path) ?? '';
  const manner = mannerOf({ sample: place.sample?.text ?? null, source, runner });
  const name = `${subject.title} copes with ${whatIsMissing(task, project)}`;
  return drafted({ root, subject, place, manner, name }, calls);
}

function whatIsMissing(task: FixTask, project: OpenProject): string {
  const crash = crashOfEvent(task.event);
  if (crash?.kind === 'parse') return 'text that is not JSON';
  if (crash?.kind === 'reduce') return 'an empty list';
  return missingWords(task, project) ?? 'a missing value';
}

function drafted(scene: Scene, calls: readonly Call[]): Draft {
  const { root, subject, place, manner, name } = scene;
  const scout = scoutPath(place.path);
  return {
    scout: { path: scout, text: scoutText(subject, calls, { root, file: scout, manner }) },
    calls: calls.map((call, index) => draftedCall(scene, call, index)),
    before: place.exists ? (place.sample?.text ?? null) : null,
    name,
    keep: place.obvious,
  };
}

/** Beside the final file, with its ending, so that the runner takes it for a test. */
function scoutPath(file: string): string {
  return path.posix.join(path.posix.dirname(file), `suture-scout-${path.posix.basename(file)}`);
}

function draftedCall(scene: Scene, call: Call, index: number): DraftedCall {
  const { root, subject, place, manner, name } = scene;
  const finals = bodiesOf(call, manner).flatMap((body) => {
    const test = { name, body, isAsync: call.isAsync, needs: call.needs };
    const writing = { root, file: place.path, manner };
    const text =
      place.exists && place.sample
        ? withTest(place.sample.text, { ...writing, subject, test })
        : newFile(subject, test, writing);
    return text === null ? [] : [{ path: place.path, text }];
  });
  return { test: scoutName(index), finals };
}

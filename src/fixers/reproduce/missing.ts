// What was not there, in the words of the code: `a missing product`. For the name of a test.

import { Node } from 'ts-morph';
import type { FixTask } from '../../ports.ts';
import { readWithin } from '../../run/read-within.ts';
import { findCandidates } from '../templates/candidates.ts';
import { crashOfEvent } from '../templates/crash.ts';
import { fitsCrash, toDereference, withoutTypes } from '../templates/dereference.ts';
import { nameFor } from '../templates/names.ts';
import type { OpenProject } from '../templates/project.ts';
import { enclosingFunction } from '../templates/scope.ts';
import { singular, spoken, withArticle } from '../templates/words.ts';

/** Null when the line does not say. */
export function missingWords(task: FixTask, project: OpenProject): string | null {
  const crash = crashOfEvent(task.event);
  const suspect = task.location.suspect;
  if (!crash || !suspect) return null;
  const text = (readWithin(project.root, suspect.path) ?? '').replace(/^\uFEFF/, '');
  const accesses = findCandidates(suspect.path, text, suspect.line)
    .flatMap((candidate) => toDereference(project.file, candidate) ?? [])
    .filter((access) => fitsCrash(access, crash));
  const [only, ...more] = accesses;
  const name = only && more.length === 0 ? nameOf(withoutTypes(only.subject)) : null;
  if (name === null) return null;
  const words = spoken(name);
  return singular(name) === null ? withArticle(`missing ${words}`) : `missing ${words}`;
}

function nameOf(subject: Node): string | null {
  if (Node.isIdentifier(subject)) return subject.getText();
  if (Node.isPropertyAccessExpression(subject)) return subject.getName();
  const owner = enclosingFunction(subject);
  return owner ? nameFor(subject, owner) : null;
}

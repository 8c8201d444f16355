// Problems and events with a repository's own words masked, before anything of them is shown or diagnosed.
// Names, ids and places in code stay: they are needed to find the code, and they are the repository's own.

import type { CrashEvent } from '../crash/crash-event.ts';
import { maskWords } from '../mask.ts';
import type { Problem } from '../problem.ts';

export function maskedProblem(problem: Problem, words: readonly string[]): Problem {
  if (words.length === 0) return problem;
  const { title, exception } = problem;
  return { ...problem, title: maskWords(title, words), exception: maskWords(exception, words) };
}

export function maskedEvent(event: CrashEvent, words: readonly string[]): CrashEvent {
  if (words.length === 0) return event;
  const { title, message, exceptions, breadcrumbs, request, contexts, tags } = event;
  return {
    ...event,
    ...maskWords({ title, message, breadcrumbs, request, contexts, tags }, words),
    exceptions: exceptions.map((exception) => ({ ...exception, value: maskWords(exception.value, words) })),
  };
}

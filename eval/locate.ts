// Evaluates locating on real crashes: where does it say they happened, and is that true?
// It must not tune anything: it only measures.

import { parseArgs } from 'node:util';
import type { Location } from '../src/domain/crash/location.ts';
import { locateCrash } from '../src/jobs/locate-crash.ts';
import { parseEvent } from '../src/sentry/parse-event.ts';
import { createSyntax } from '../src/syntax/syntax.ts';
import { findClone, openClone } from './clone.ts';
import { readCases, type LocateCase } from './locate-case.ts';
import { scoreOf, type Score } from './locate-score.ts';
import { table } from './table.ts';

type Result = { case: LocateCase; location: Location; score: Score; ms: number };

/** Prints a row per case and per language; `--json` prints everything. Cases without a clone are listed. */
export async function evaluateLocate(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { cases: { type: 'string' }, repos: { type: 'string' }, json: { type: 'boolean' } },
  });
  if (!values.cases || !values.repos) throw new Error('Give --cases DIR and --repos DIR.');
  const results: Result[] = [];
  const absent: string[] = [];
  for (const one of await readCases(values.cases)) {
    const clone = findClone(values.repos, one.repo);
    if (clone === null) absent.push(one.id);
    else results.push(await run(one, clone));
  }
  console.log(
    values.json ? JSON.stringify(forMachines(results, absent), null, 2) : forPeople(results, absent),
  );
}

async function run(one: LocateCase, clone: string): Promise<Result> {
  const { repository, history } = openClone(clone);
  const base = await repository.resolveRevision(one.baseCommit);
  if (base === null) throw new Error(`${one.id}: the clone ${clone} lacks the commit ${one.baseCommit}.`);
  const input = {
    event: parseEvent(one.sentryEvent),
    repository,
    history,
    syntax: createSyntax(),
    base,
    mappings: [],
  };
  const started = performance.now();
  const location = await locateCrash(input);
  return { case: one, location, score: scoreOf(one, location), ms: performance.now() - started };
}

const measures = ['top1', 'top3', 'function', 'line', 'frames', 'refused', 'wrongAndConfident'] as const;

type Measure = (typeof measures)[number];

const titles: Record<Measure, string> = {
  top1: 'top-1',
  top3: 'top-3',
  function: 'function',
  line: 'line±3',
  frames: 'frames',
  refused: 'refused',
  wrongAndConfident: 'wrong+confident',
};

function forPeople(results: readonly Result[], absent: readonly string[]): string {
  const languages = [...new Set(results.map((result) => result.case.language))].toSorted();
  const rows = [
    ['case', ...measures.map((measure) => titles[measure]), 'ms', 'answer'],
    ...results.map(caseRow),
    [],
    ...languages.map((language) =>
      sumRow(
        language,
        results.filter((result) => result.case.language === language),
      ),
    ),
    sumRow('all', results),
  ];
  const missing = absent.length === 0 ? '' : `\nAbsent (no clone): ${absent.join(', ')}`;
  return table(rows) + missing;
}

function caseRow({ case: one, location, score, ms }: Result): string[] {
  const { suspect } = location;
  const answer = suspect
    ? `${suspect.path}:${suspect.line} ${suspect.function ?? ''}`
    : `${location.candidates[0] ?? '-'} · ${location.refusal}`;
  return [one.id, ...measures.map((measure) => mark(score[measure])), ms.toFixed(0), answer];
}

function mark(value: boolean | null): string {
  return value === null ? '·' : value ? 'yes' : 'no';
}

function sumRow(name: string, results: readonly Result[]): string[] {
  return [`${name} (${results.length})`, ...measures.map((measure) => share(results, measure)), '', ''];
}

function share(results: readonly Result[], measure: Measure): string {
  const known = results.filter((result) => result.score[measure] !== null);
  const hits = known.filter((result) => result.score[measure] === true).length;
  return known.length === 0 ? '·' : `${hits}/${known.length} ${Math.round((hits / known.length) * 100)}%`;
}

function forMachines(results: readonly Result[], absent: readonly string[]): unknown {
  return {
    cases: results.map(({ case: one, location, score, ms }) => ({
      id: one.id,
      language: one.language,
      ms: Math.round(ms),
      ...score,
      suspect: location.suspect,
      candidates: location.candidates,
      refusal: location.refusal,
    })),
    absent,
  };
}

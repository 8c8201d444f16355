// Evaluates the fixers on real crashes: what do they propose, and is it right by the project's own test?
// It must not tune anything: it only measures. It installs and runs code of other projects.

import { parseArgs } from 'node:util';
import { parseDiff } from '../src/domain/proof/unified-diff.ts';
import { findClone } from './clone.ts';
import { runCase, type FixResult, type Verdict } from './fix-run.ts';
import { readCases } from './locate-case.ts';
import { table } from './table.ts';

const usage =
  'Give --cases DIR and --repos DIR; --only TEXT for some of the cases, --minutes N for one check.';

/** Prints a row per case and per language; `--json` prints everything. Cases without a clone are listed. */
export async function evaluateFix(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string' },
      repos: { type: 'string' },
      only: { type: 'string', default: '' },
      minutes: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  if (!values.cases || !values.repos || !(minutes > 0)) throw new Error(usage);
  const results: FixResult[] = [];
  const absent: string[] = [];
  for (const one of (await readCases(values.cases)).filter(({ id }) => id.includes(values.only))) {
    const clone = findClone(values.repos, one.repo);
    const result = clone === null ? null : await runCase(one, { clone, minutes });
    if (result) results.push(result);
    else absent.push(one.id);
    console.error(`${one.id}: ${result?.verdict ?? 'absent'}`);
  }
  console.log(values.json ? forMachines(results, absent) : forPeople(results, absent));
}

const verdicts: readonly Verdict[] = ['fixed', 'refused', 'wrong', 'not judged'];

function forPeople(results: readonly FixResult[], absent: readonly string[]): string {
  const languages = [...new Set(results.map((result) => result.case.language))].toSorted();
  const rows = [
    ['case', 'verdict', 's', 'same lines', 'strategy, or why not'],
    ...results.map(({ case: one, verdict, ms, diff, why }) => [
      one.id,
      verdict,
      (ms / 1000).toFixed(1),
      diff === '' ? '·' : sameLines(one.truth.lines, diff) ? 'yes' : 'no',
      why.replace(/\s+/g, ' '),
    ]),
  ];
  const sums = [
    ['', ...verdicts, 's'],
    ...languages.map((language) =>
      sumRow(
        language,
        results.filter((result) => result.case.language === language),
      ),
    ),
    sumRow('all', results),
  ];
  const missing = absent.length === 0 ? '' : `\n\nAbsent (no clone): ${absent.join(', ')}`;
  const diffs = results
    .filter(({ diff }) => diff !== '')
    .map(({ case: one, diff }) => `\n\n${one.id}\n${diff}`);
  return `${table(rows)}\n\n${table(sums)}${missing}${diffs.join('')}`;
}

function sumRow(name: string, results: readonly FixResult[]): string[] {
  const counts = verdicts.map((verdict) => results.filter((result) => result.verdict === verdict).length);
  const seconds = results.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  return [`${name} (${results.length})`, ...counts.map(String), seconds.toFixed(0)];
}

/** Whether a line that the project's own fix changed is changed here, too: a hint, no judgement. */
function sameLines(truth: Readonly<Record<string, readonly (readonly number[])[]>>, diff: string): boolean {
  return parseDiff(diff).some((file) => {
    const removed = file.hunks.flat().flatMap((line) => (line.kind === 'removed' ? [line.line] : []));
    return (truth[file.path] ?? []).some(([from = 0, to = 0]) =>
      removed.some((line) => line >= from && line <= to),
    );
  });
}

function forMachines(results: readonly FixResult[], absent: readonly string[]): string {
  const cases = results.map(({ case: one, ms, ...rest }) => ({
    id: one.id,
    language: one.language,
    ms: Math.round(ms),
    ...rest,
  }));
  return JSON.stringify({ cases, absent }, null, 2);
}

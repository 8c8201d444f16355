// What the checks of a commit say, as they are now. Doubt is never `passed`. docs/verdict.md has every decision.

import { latestRuns, type Run } from './latest-runs.ts';

export type Verdict = {
  state: 'passed' | 'failed' | 'pending' | 'none';
  /** For people: `3 checks passed`, `test failed`. */
  detail: string;
};

type Status = {
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  /** The app that set it; null when a person did, or the host does not say. */
  appId: number | null;
};

export type Checks = { runs: readonly Run[]; statuses: readonly Status[] };

/** A check that the rules of the base branch ask for; from that app only, unless it is null. */
export type RequiredCheck = { name: string; appId: number | null };

/** Empty: nothing is named, so everything counts. */
export type Required = readonly RequiredCheck[];

/** A check that failed, with the host's word for how, and the run it was; null for a commit status. */
export type FailedCheck = { name: string; how: string; run: number | null };

type Report = {
  name: string;
  appId: number | null;
  says: 'passed' | 'failed' | 'running' | 'nothing' | 'unknown';
  how: string;
  run: number | null;
};

const failing = new Set(['failure', 'timed_out', 'cancelled', 'action_required', 'startup_failure', 'stale']);
const neutral = new Set(['neutral', 'skipped']);

/**
 * Reads check runs and commit statuses together (reference github.md, 4.1). Where the base branch names required
 * checks, those decide; else all do. Skipped and neutral runs never prove anything: at least one success is needed.
 */
export function verdictOf(checks: Checks, required: Required = []): Verdict {
  const { state, detail } = judge(checks, required);
  return { state, detail };
}

/** A verdict, and whether it waits for nothing but a first report: then another commit may have the answer. */
export type Judged = Verdict & { silent: boolean };

export function judge(checks: Checks, required: Required): Judged {
  const reports = reportsOf(checks);
  return required.length > 0 ? judgeRequired(reports, required) : judgeAll(reports);
}

/** What failed of what counts. */
export function failedChecks(checks: Checks, required: Required): FailedCheck[] {
  const reports = reportsOf(checks);
  const counted = required.length > 0 ? countedOf(reports, required) : reports;
  const failed = counted.filter(({ says }) => says === 'failed');
  // A required check may have been skipped because another failed.
  const culprits = failed.length > 0 ? failed : reports.filter(({ says }) => says === 'failed');
  return culprits.map(({ name, how, run }) => ({ name, how, run }));
}

function reportsOf({ runs, statuses }: Checks): Report[] {
  return [...latestRuns(runs).map(reportOfRun), ...statuses.map(reportOfStatus)];
}

function reportOfRun({ id, name, status, conclusion, app }: Run): Report {
  const how = status === 'completed' ? (conclusion ?? '') : status;
  return { name, appId: app?.id ?? null, says: saysOf(status, conclusion ?? ''), how, run: id };
}

function saysOf(status: string, conclusion: string): Report['says'] {
  if (status !== 'completed') return 'running';
  if (conclusion === 'success') return 'passed';
  if (failing.has(conclusion)) return 'failed';
  return neutral.has(conclusion) ? 'nothing' : 'unknown';
}

function reportOfStatus({ context: name, state, appId }: Status): Report {
  const says = { success: 'passed', pending: 'running', error: 'failed', failure: 'failed' } as const;
  return { name, appId, says: says[state], how: state, run: null };
}

function judgeAll(reports: readonly Report[]): Judged {
  const open = unsettled(reports);
  if (open) return open;
  const passed = reports.filter(({ says }) => says === 'passed').length;
  if (passed === 0) return { state: 'none', detail: 'no check has reported', silent: true };
  return { state: 'passed', detail: many(passed, ''), silent: false };
}

/** Failed, running or unreadable; null when everything has ended well or said nothing. */
function unsettled(reports: readonly Report[]): Judged | null {
  const named = (says: Report['says']): string => namesOf(reports.filter((report) => report.says === says));
  if (named('failed') !== '') return { state: 'failed', detail: `${named('failed')} failed`, silent: false };
  if (named('running') !== '')
    return { state: 'pending', detail: `waiting for ${named('running')}`, silent: false };
  if (named('unknown') !== '')
    return { state: 'pending', detail: `cannot read ${named('unknown')}`, silent: false };
  return null;
}

function judgeRequired(reports: readonly Report[], required: readonly RequiredCheck[]): Judged {
  const counted = countedOf(reports, required);
  const open = unsettled(counted);
  if (open) return open;
  const missing = required.filter((check) => !counted.some((report) => answers(report, check)));
  if (missing.length > 0) {
    const detail = `waiting for ${missing.map(wantedName).join(', ')}: required, and not reported yet`;
    return { state: 'pending', detail, silent: true };
  }
  return judgeEnded(
    counted,
    reports.filter((report) => !counted.includes(report)),
  );
}

/** All that is required has ended, none of it badly. A job is skipped, too, when one before it failed. */
function judgeEnded(counted: readonly Report[], others: readonly Report[]): Judged {
  const idle = counted.filter(({ says }) => says === 'nothing');
  const failed = namesOf(others.filter(({ says }) => says === 'failed'));
  if (idle.length > 0 && failed !== '')
    return { state: 'failed', detail: `${failed} failed, and ${namesOf(idle)} did not run`, silent: false };
  const passed = counted.filter(({ says }) => says === 'passed').length;
  if (passed === 0 && !others.some(({ says }) => says === 'passed'))
    return { state: 'none', detail: `${namesOf(idle)} did not run`, silent: true };
  const aside = failed === '' ? '' : `; ${failed} failed, not required`;
  const detail = passed === 0 ? `${namesOf(idle)} did not have to run` : many(passed, 'required ');
  return { state: 'passed', detail: detail + aside, silent: false };
}

function countedOf(reports: readonly Report[], required: readonly RequiredCheck[]): Report[] {
  return reports.filter((report) => required.some((check) => answers(report, check)));
}

/** As the host does: by name, and from the named app only where the rule names one. */
function answers(report: Report, check: RequiredCheck): boolean {
  return report.name === check.name && (check.appId === null || report.appId === check.appId);
}

function wantedName({ name, appId }: RequiredCheck): string {
  return appId === null ? name : `${name} of app ${appId}`;
}

function namesOf(reports: readonly Report[]): string {
  return [...new Set(reports.map(({ name }) => name))].join(', ');
}

function many(count: number, kind: string): string {
  return count === 1 ? `1 ${kind}check passed` : `${count} ${kind}checks passed`;
}

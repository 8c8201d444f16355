// What the checks of a commit say, as they are now. Doubt is never `passed`.

export type Verdict = {
  state: 'passed' | 'failed' | 'pending' | 'none';
  /** For people: `3 checks passed`, `test failed`. */
  detail: string;
};

type Run = { name: string; status: string; conclusion: string | null };
type Status = { context: string; state: 'error' | 'failure' | 'pending' | 'success' };

const failing = new Set(['failure', 'timed_out', 'cancelled', 'action_required', 'startup_failure', 'stale']);
const neutral = new Set(['neutral', 'skipped']);

/**
 * Reads check runs and commit statuses together (reference github.md, 4.1). Skipped and neutral runs
 * never prove anything: at least one success is needed. No checks at all is `none`.
 */
export function verdictOf(checks: { runs: readonly Run[]; statuses: readonly Status[] }): Verdict {
  const failed = [
    ...checks.runs
      .filter((run) => run.status === 'completed' && failing.has(run.conclusion ?? ''))
      .map((run) => run.name),
    ...checks.statuses
      .filter((status) => status.state === 'error' || status.state === 'failure')
      .map((status) => status.context),
  ];
  if (failed.length > 0) return { state: 'failed', detail: `${failed.join(', ')} failed` };
  const pending = [
    ...checks.runs.filter((run) => run.status !== 'completed').map((run) => run.name),
    ...checks.statuses.filter((status) => status.state === 'pending').map((status) => status.context),
  ];
  if (pending.length > 0) return { state: 'pending', detail: `waiting for ${pending.join(', ')}` };
  return settledVerdict(checks);
}

function settledVerdict(checks: { runs: readonly Run[]; statuses: readonly Status[] }): Verdict {
  const succeeded =
    checks.runs.filter((run) => run.conclusion === 'success').length +
    checks.statuses.filter((status) => status.state === 'success').length;
  const unknown = checks.runs.filter(
    (run) => run.conclusion !== 'success' && !neutral.has(run.conclusion ?? ''),
  );
  if (unknown.length > 0)
    return { state: 'pending', detail: `cannot read ${unknown.map((run) => run.name).join(', ')}` };
  if (succeeded === 0) return { state: 'none', detail: 'no check has reported' };
  return { state: 'passed', detail: succeeded === 1 ? '1 check passed' : `${succeeded} checks passed` };
}

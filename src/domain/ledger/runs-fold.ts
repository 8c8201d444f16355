// The fold of the triage issue that shows the run ledger of the repository.

import { utcMinute } from '../dates.ts';
import { isActive, staleAfterMs, type Member, type Run } from './ledger.ts';
import { code, inline } from '../untrusted.ts';

const mostActive = 10;
const mostEnded = 5;
const mostPaths = 10;

/** What is worked on now, and what ended last; empty when there is neither. */
export function runsFold(runs: readonly Run[], now: number): string {
  const active = runs.filter(isActive);
  const ended = runs.filter((run) => !isActive(run)).slice(0, mostEnded);
  if (active.length + ended.length === 0) return '';
  const lines = [
    ...active.slice(0, mostActive).map((run) => activeLine(run, now)),
    ...(active.length > mostActive ? [`- …and ${active.length - mostActive} more.`] : []),
    ...ended.map(endedLine),
  ];
  return `<details><summary>Active runs (${active.length})</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function headOf(run: Run): string {
  const ids = run.members.map(({ shortId }) => inline(shortId, 60)).join(', ');
  return `- ${utcMinute(run.startedAt)} · ${inline(run.by, 40)} · ${ids}`;
}

function pathsOf(members: readonly Member[]): string {
  const paths = [...new Set(members.flatMap((member) => member.paths))];
  const shown = paths.slice(0, mostPaths).map((path) => code(path, 140));
  const rest = paths.length - shown.length;
  return shown.length === 0 ? '' : ` · ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function activeLine(run: Run, now: number): string {
  const open = run.members.filter(({ end }) => end === null);
  const isStale = open.every(({ at }) => now - at >= staleAfterMs);
  const status = isStale ? 'started, older than two hours: it holds up nobody any more' : 'started';
  return `${headOf(run)}${pathsOf(open)} · ${status}`;
}

function endedLine(run: Run): string {
  const commits = run.members.flatMap(({ end }) => (end && 'commit' in end ? [end.commit] : []));
  if (commits.length > 0)
    return `${headOf(run)}${pathsOf(run.members)} · completed (${commits.map((sha) => code(sha.slice(0, 10), 12)).join(', ')})`;
  const [why] = run.members.flatMap(({ end }) => (end && 'aborted' in end ? [end.aborted] : []));
  return `${headOf(run)} · aborted (${why ?? 'for no reason that is known'})`;
}

// What a waiting problem's fold tells: where, since when, how often, and who last touched the line.
// It takes what was found and gives inert Markdown; it decides nothing.

import { utcDay, utcMinute } from '../dates.ts';
import type { Finding } from './finding.ts';
import { link, safeUrl } from '../links.ts';
import type { Problem } from '../problem.ts';
import { sparkline } from './sparkline.ts';
import type { Waiting } from './triage-view.ts';
import { code, htmlCode, inline } from '../untrusted.ts';

const outlooks: Record<Finding['outlook'], string> = {
  fixable: 'likely fixable',
  person: 'may need a person',
  archive: 'probably not for code',
};

/** `likely fixable`, once somebody looked. */
export function outlookText(finding: Finding | null): string {
  return finding ? outlooks[finding.outlook] : '';
}

/** Indented to stand under its checklist line. */
export function waitingFold({ problem, finding, earlier }: Waiting): string {
  const place = finding?.place;
  const summary = [
    place ? htmlCode(`${place.path}:${place.line}`, 120) : htmlCode(problem.culprit ?? 'no place known', 80),
    sparkline(problem.daily),
    earlier ? 'tried before' : '',
  ];
  const parts = [
    seenText(problem, finding),
    ...(finding ? foundParts(finding) : ['I have not looked at its newest event yet.']),
  ];
  return [
    `  <details><summary>${summary.filter((part) => part !== '').join(' · ')}</summary>`,
    '',
    ...parts.flatMap((part) => [`  ${part}`, '']),
    '  </details>',
  ].join('\n');
}

function seenText(problem: Problem, finding: Finding | null): string {
  const times = problem.count === 1 ? 'once' : `${problem.count} times`;
  const users =
    problem.userCount === 0 ? '' : ` by ${problem.userCount} ${problem.userCount === 1 ? 'user' : 'users'}`;
  const releases = releasesText(finding?.releases ?? problem.releases);
  return `Seen ${times}${users}, first ${utcDay(problem.firstSeen)}, last ${utcMinute(problem.lastSeen)}${releases}.`;
}

function releasesText(releases: Problem['releases']): string {
  const { first = null, last = null } = releases ?? {};
  if (first !== null && last !== null && first !== last)
    return `, releases ${code(first, 60)} to ${code(last, 60)}`;
  const one = last ?? first;
  return one === null ? '' : `, release ${code(one, 60)}`;
}

function foundParts(finding: Finding): string[] {
  const stack = finding.stack.map((name) => code(name, 80)).join(' → ');
  const matches =
    finding.matches === null
      ? ''
      : finding.matches
        ? ' The source line of the event matches the code.'
        : ' The source line of the event differs from the code: it has moved or changed since that release.';
  const parts = [
    stack === '' ? matches.trim() : `Stack: ${stack}.${matches}`,
    authorText(finding),
    finding.remark ?? '',
    safeUrl(finding.place?.permalink ?? '') ?? '',
  ];
  return parts.filter((part) => part !== '');
}

/** By name, never as a mention: nobody is pinged for having written a line. */
function authorText({ author, place }: Finding): string {
  if (!author) return '';
  const commit = code(author.commit.slice(0, 7), 10);
  const base = /^(https?:\/\/.+?)\/blob\//.exec(place?.permalink ?? '')?.[1];
  const shown = base ? link(commit, `${base}/commit/${author.commit}`) : commit;
  return `Line last changed in ${shown} by ${inline(author.name, 60)}, ${utcDay(author.at)}.`;
}

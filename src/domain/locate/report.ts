// How the stack was mapped to files, for people: a Markdown table for the pull request and the triage issue,
// plain lines for a terminal, and the JSON of the command line (design.md, 7).
// It must not decide anything; every text of the event comes out inert.

import type { LocatedFrame, Location } from '../crash/location.ts';
import { code, oneLine, truncate } from '../untrusted.ts';

const mostRows = 20;

/** A Markdown table of the frames, innermost first; foreign ones are only counted. */
export function mappingReport(location: Location): string {
  const own = location.frames.filter((frame) => frame.inApp);
  const foreign = location.frames.length - own.length;
  const rows = own.slice(0, mostRows).map(markdownRow);
  const rest = own.length > mostRows ? [`${own.length - mostRows} more frames of this project`] : [];
  const hidden =
    foreign > 0 ? [`${foreign} third-party or runtime ${foreign === 1 ? 'frame' : 'frames'}`] : [];
  const left = [...rest, ...hidden].join(', ');
  const table = [
    '| function | reported | found | how | certainty | source line |',
    '|---|---|---|---|--:|---|',
    ...rows,
  ];
  return [...table, ...(left === '' ? [] : ['', `Not shown: ${left}.`]), ...originLine(location)].join('\n');
}

function markdownRow(frame: LocatedFrame): string {
  const cells = [
    code(frame.function ?? '', 80) || '·',
    code(placeText(frame.reported), 120) || '·',
    frame.path === null ? 'no file' : code(placeText(frame), 160),
    code(frame.rule, 80),
    `${Math.round(frame.confidence * 100)} %`,
    fitText(frame),
  ];
  return `| ${cells.join(' | ')} |`;
}

function originLine({ origin }: Location): string[] {
  if (!origin) return [];
  const how = {
    'release commit': 'the commit of the release',
    tag: 'the tag of the release',
    time: 'the commit that stood when it happened',
  };
  return [
    '',
    `Lines were read at ${how[origin.how]}, ${code(origin.name, 80)}, and carried to today's head.`,
  ];
}

function placeText({ path, line }: { path: string | null; line: number | null }): string {
  return line === null ? (path ?? '') : `${path ?? ''}:${line}`;
}

function fitText({ contextMatches }: LocatedFrame): string {
  if (contextMatches === null) return 'the event has none';
  return contextMatches ? 'equal' : 'not there';
}

/** A person's own terminal shows their own event: nothing is masked, but nothing may steer the terminal. */
function oneLineOf(text: string, max: number): string {
  return truncate(oneLine(text), max);
}

/** Lines for a terminal: the answer first, then the frames in columns. */
export function locationLines(location: Location): string[] {
  const { suspect, refusal, candidates } = location;
  const inside = suspect?.function ? ` in ${oneLineOf(suspect.function, 80)}` : '';
  const answer = suspect
    ? `${oneLineOf(`${suspect.path}:${suspect.line}`, 200)}${inside}`
    : 'No line to act on.';
  const rows = location.frames.map((frame) => [
    String(frame.index),
    frame.inApp ? '•' : ' ',
    oneLineOf(placeText(frame.reported), 60) || '-',
    frame.path === null ? '-' : oneLineOf(placeText(frame), 80),
    oneLineOf(frame.rule, 40),
    frame.path === null ? '' : `${Math.round(frame.confidence * 100)} %`,
    frame.contextMatches === null ? '' : fitText(frame),
  ]);
  return [
    answer,
    ...(refusal === null ? [] : [refusal]),
    ...(suspect === null && candidates.length > 0
      ? [
          `May be: ${candidates
            .slice(0, 5)
            .map((path) => oneLineOf(path, 120))
            .join(', ')}`,
        ]
      : []),
    '',
    ...columns([['#', '', 'reported', 'found', 'how', 'certain', 'source line'], ...rows.slice(0, 60)]),
  ];
}

function columns(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => Array.from(row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - Array.from(cell).length))
      .join('  ')
      .trimEnd(),
  );
}

/** The keys of design.md, 7, in its order and no others. */
export function locationJson({ frames, suspect, candidates, refusal }: Location): unknown {
  return {
    frames: frames.map(
      ({ index, function: name, reported, inApp, path, line, rule, confidence, contextMatches }) => ({
        index,
        function: name,
        reported,
        inApp,
        path,
        line,
        rule,
        confidence: Math.round(confidence * 1000) / 1000,
        contextMatches,
      }),
    ),
    suspect: suspect === null ? null : { path: suspect.path, line: suspect.line, function: suspect.function },
    candidates,
    refusal,
  };
}

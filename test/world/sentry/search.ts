// Reads a search text such as `is:unresolved !level:info` (reference sentry.md, 2.1) into a test on problems.
// Must not sort or page.

import { badRequest } from './reply.ts';
import { countSince, shownStatus, type Issue, type World } from './state.ts';

export type IssueTest = (issue: Issue) => boolean;
type Term = { negated: boolean; key: string | null; value: string };

/** Every term must hold; an empty text matches everything. Throws the 400 of an unreadable text. */
export function readSearch(world: World, text: string): IssueTest {
  const tests = readTerms(text).map((term) => {
    const test = termTest(world, term);
    return term.negated ? (issue: Issue) => !test(issue) : test;
  });
  return (issue) => tests.every((test) => test(issue));
}

const termPattern = /(!?)(?:([A-Za-z][\w.-]*):)?("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^\s"[\]]+)(?=\s|$)/y;

function readTerms(text: string): Term[] {
  const terms: Term[] = [];
  const rest = text.trim();
  termPattern.lastIndex = 0;
  while (termPattern.lastIndex < rest.length) {
    const at = termPattern.lastIndex;
    const match = termPattern.exec(rest);
    if (!match) throw badSearch(`Error parsing search query: unreadable at character ${at + 1}`);
    terms.push({ negated: match[1] === '!', key: match[2] ?? null, value: match[3] ?? '' });
    while (rest[termPattern.lastIndex] === ' ') termPattern.lastIndex += 1;
  }
  return terms;
}

const badSearch = (detail: string) => badRequest({ detail });

function termTest(world: World, term: Term): IssueTest {
  const values = readValues(term.value);
  const value = values[0] ?? '';
  switch (term.key) {
    case null:
      return (issue) => holdsText(issue, value);
    case 'is':
      return isTest(world, value);
    case 'level':
      return (issue) => values.includes(issue.level);
    case 'issue.category':
      return () => values.includes('error');
    case 'issue':
      return (issue) => values.includes(issue.shortId);
    case 'error.unhandled':
      return (issue) => issue.unhandled === isTrue(value);
    case 'timesSeen':
      return countTest(value);
    case 'age':
    case 'firstSeen':
      return ageTest(world, value, (issue) => issue.firstSeen);
    case 'lastSeen':
      return ageTest(world, value, (issue) => issue.lastSeen);
    case 'firstRelease':
      return (issue) => values.includes(issue.firstRelease ?? '');
    case 'has':
      return (issue) => tagValues(issue, value).length > 0;
    default:
      return tagTest(term.key, values);
  }
}

/** `[a, b]` is a list, `"a b"` one value. */
function readValues(raw: string): string[] {
  const list = raw.startsWith('[') ? raw.slice(1, -1).split(',') : [raw];
  return list.map((value) =>
    value
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replaceAll('\\"', '"'),
  );
}

const isTrue = (value: string): boolean => value === 'true' || value === '1';

function holdsText(issue: Issue, value: string): boolean {
  const message = issue.metadata['value'];
  const text = [issue.title, issue.culprit ?? '', typeof message === 'string' ? message : ''].join('\n');
  return text.toLowerCase().includes(value.toLowerCase());
}

function isTest(world: World, value: string): IssueTest {
  switch (value) {
    case 'unresolved':
      return (issue) => issue.status === 'unresolved';
    case 'resolved':
      return (issue) => issue.status === 'resolved';
    case 'ignored':
    case 'archived':
      return (issue) => issue.status === 'ignored';
    case 'assigned':
      return (issue) => issue.assignedTo !== null;
    case 'unassigned':
      return (issue) => issue.assignedTo === null;
    case 'linked':
    case 'unlinked':
      return () => value === 'unlinked';
    case 'new':
    case 'ongoing':
    case 'escalating':
    case 'regressed':
      return (issue) => shownStatus(world, issue) === 'unresolved' && issue.substatus === value;
    case 'for_review':
      return (issue) => issue.status === 'unresolved';
    default:
      throw badSearch(
        `Invalid value for "is" search, valid values are ['unresolved', 'resolved', 'archived', …]`,
      );
  }
}

function countTest(value: string): IssueTest {
  const match = /^(>=|<=|>|<)?(\d+)$/.exec(value);
  if (!match) throw badSearch(`Invalid number: ${value}. Expected number then optional k, m, or b suffix.`);
  const wanted = Number(match[2]);
  const compare: Record<string, (count: number) => boolean> = {
    '>': (count) => count > wanted,
    '>=': (count) => count >= wanted,
    '<': (count) => count < wanted,
    '<=': (count) => count <= wanted,
  };
  const test = compare[match[1] ?? ''] ?? ((count: number) => count === wanted);
  return (issue) => test(countSince(issue, 0));
}

/** `-24h` is newer than a day, `+12h` is older than half a day. */
function ageTest(world: World, value: string, seen: (issue: Issue) => number): IssueTest {
  const match = /^([+-])(.+)$/.exec(value);
  const span = match ? readPeriod(match[2] ?? '') : null;
  if (!match || span === null) throw badSearch(`${value} is not a valid date query`);
  const edge = world.now() - span;
  return match[1] === '-' ? (issue) => seen(issue) >= edge : (issue) => seen(issue) <= edge;
}

/** `14d` in milliseconds; null when it is no period. */
export function readPeriod(text: string): number | null {
  const match = /^(\d+)([smhdw])$/.exec(text);
  if (!match) return null;
  const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  return Number(match[1]) * (units[match[2] ?? 's'] ?? 1) * 1000;
}

function tagTest(key: string, values: readonly string[]): IssueTest {
  const patterns = values.map(globPattern);
  return (issue) => tagValues(issue, key).some((value) => patterns.some((pattern) => pattern.test(value)));
}

function globPattern(value: string): RegExp {
  const escaped = value.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('.*')}$`, 's');
}

function tagValues(issue: Issue, key: string): string[] {
  return issue.events.flatMap((event) =>
    event.tags.filter(([name]) => name === key).map(([, value]) => value),
  );
}

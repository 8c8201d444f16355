// The grammar of commands in comments. It says what was asked, not whether it is allowed or possible.

import { fixerNames } from '../agent/fixer-names.ts';
import { nearest } from './nearest.ts';

/** A problem as people name it: by its short id, or by its number in the table. */
export type Target = { kind: 'id'; shortId: string } | { kind: 'number'; number: number };

export type Selection =
  | { kind: 'some'; targets: Target[] }
  | { kind: 'top'; count: number }
  | { kind: 'all' };

export type Command =
  | { kind: 'list'; includeWarn: boolean; page: number }
  /** `fixer`: the one a person asks for; the usual order without. `anyway`: even where somebody else works on the same file. */
  | { kind: 'fix'; selection: Selection; yes: boolean; anyway: boolean; fixer?: string }
  | { kind: 'top'; count: number }
  | { kind: 'stats' }
  | { kind: 'status' }
  | { kind: 'skip'; targets: Target[] }
  | { kind: 'archive'; target: Target; reason: string }
  /** Without a target it means the pull request it is written on. */
  | { kind: 'retry'; target: Target | null; hint: string | null; fixer?: string }
  | { kind: 'link'; target: Target }
  | { kind: 'help' }
  /** `right` is the line that would have been right. */
  | { kind: 'unclear'; text: string; reason: string; right: string };

/** What each command looks like, shown as help and as the line that would have been right. */
export const commandHelp = [
  {
    usage: '/sentry list',
    meaning: 'the Sentry issues that hurt most; `--include-warn` and `--page 2` show more',
  },
  {
    usage: '/sentry fix PER-1A',
    meaning:
      'approve: one pull request for each; also `1,2,5`, `top 3` and `all`; `with agent` says who shall fix it; `--anyway` goes on where somebody works on the same file',
  },
  { usage: '/sentry top 5', meaning: 'show the most frequent that wait, and ask; `--fix` approves them' },
  { usage: '/sentry skip PER-1A', meaning: 'leave it alone until it gets worse; Sentry stays as it is' },
  { usage: '/sentry archive PER-1A third-party script', meaning: 'archive it in Sentry until it escalates' },
  {
    usage: '/sentry retry PER-1A look at the cache first',
    meaning: 'another attempt, with a hint for the fixer',
  },
  {
    usage: '/sentry link PER-1A',
    meaning: 'on your own pull request: it fixes this one; I resolve it after the merge',
  },
  { usage: '/sentry status', meaning: 'what runs, what waits, and whether all is well' },
  { usage: '/sentry stats', meaning: 'numbers and charts' },
  { usage: '/sentry help', meaning: 'this list' },
] as const;

const verbs = ['list', 'fix', 'top', 'skip', 'archive', 'retry', 'link', 'status', 'stats', 'help'] as const;
type Verb = (typeof verbs)[number];

const shortIdPattern = /^[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)+$/;
const maximum = 20;
const defaultTop = 5;
const mostTop = 50;
const mostHint = 2_000;

/** Every command of a comment, in order; quotations and code are not read. At most twenty lines count. */
export function parseCommands(comment: string): Command[] {
  return commandLines(comment).slice(0, maximum).map(parseLine);
}

/** The commands an edit added; what stood there before has run already. */
export function newCommands(before: string, after: string): Command[] {
  const old = commandLines(before);
  const fresh = commandLines(after).filter((line) => {
    const index = old.indexOf(line);
    if (index >= 0) old.splice(index, 1);
    return index < 0;
  });
  return fresh.slice(0, maximum).map(parseLine);
}

function commandLines(comment: string): string[] {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of withoutComments(comment).split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === null) fence = mark;
    else if (mark && fence && mark.startsWith(fence)) fence = null;
    else if (fence === null && /^ {0,3}\/sentry(?:\s|$)/.test(line)) lines.push(line.trim());
  }
  return lines;
}

/** What nobody sees asks for nothing. */
function withoutComments(text: string): string {
  return text.replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '');
}

type Words = { line: string; words: string[]; flags: Set<string>; values: Map<string, string> };

function parseLine(line: string): Command {
  const [, verb = 'list', ...rest] = line.split(/\s+/);
  const named = verbs.find((one) => one === verb.toLowerCase());
  if (named) return parsers[named](readWords(line, rest));
  const meant = nearest(verb, verbs)?.toLowerCase() ?? 'help';
  const right = ['/sentry', meant, ...(meant === 'help' ? [] : rest)].join(' ');
  return { kind: 'unclear', text: line, reason: 'I do not know this command.', right };
}

/** Options may stand anywhere among the words. */
function readWords(line: string, all: readonly string[]): Words {
  const read: Words = { line, words: [], flags: new Set(), values: new Map() };
  for (let index = 0; index < all.length; index += 1) {
    const word = all[index] ?? '';
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/i.exec(word) ?? [];
    if (name === undefined) read.words.push(word);
    else if (name.toLowerCase() === 'page') read.values.set('page', value ?? all[(index += 1)] ?? '');
    else read.flags.add(name.toLowerCase());
  }
  return read;
}

const parsers: Readonly<Record<Verb, (words: Words) => Command>> = {
  list: parseList,
  fix: parseFix,
  top: parseTop,
  skip: parseSkip,
  archive: parseArchive,
  retry: parseRetry,
  link: parseLink,
  status: () => ({ kind: 'status' }),
  stats: () => ({ kind: 'stats' }),
  help: () => ({ kind: 'help' }),
};

function parseList({ line, flags, values, words }: Words): Command {
  const page = values.get('page') ?? words[0] ?? '1';
  if (!/^[1-9]\d{0,3}$/.test(page))
    return unclear(line, 'The page must be a number.', '/sentry list --page 2');
  return { kind: 'list', includeWarn: flags.has('include-warn'), page: Number(page) };
}

function parseFix(asked: Words): Command {
  const { line, flags } = asked;
  const { words, fixer } = splitFixer(asked.words);
  if (fixer === undefined) return unclearFixer(line, asked.words);
  const sure = { yes: flags.has('yes'), anyway: flags.has('anyway'), ...(fixer === null ? {} : { fixer }) };
  const [first = '', second] = words;
  if (/^all$/i.test(first)) return { kind: 'fix', selection: { kind: 'all' }, ...sure };
  if (/^top$/i.test(first)) {
    const count = countOf(second);
    if (count === null) return unclear(line, `It needs a number from 1 to ${mostTop}.`, '/sentry fix top 3');
    return { kind: 'fix', selection: { kind: 'top', count }, ...sure };
  }
  const targets = targetsOf(words);
  if (targets === null || targets.length === 0) return unclearTarget(line, words, 'fix');
  return { kind: 'fix', selection: { kind: 'some', targets }, ...sure };
}

/** `PER-1A with agent`: the words before, and who. Undefined when what follows `with` is no fixer. */
function splitFixer(words: readonly string[]): {
  words: readonly string[];
  fixer: string | null | undefined;
} {
  const at = words.findIndex((word) => /^with$/i.test(word));
  if (at === -1) return { words, fixer: null };
  const named = fixerNames.find((name) => name === words[at + 1]?.toLowerCase());
  return { words: words.slice(0, at), fixer: words.length === at + 2 ? named : undefined };
}

function unclearFixer(line: string, words: readonly string[]): Command {
  const at = words.findIndex((word) => /^with$/i.test(word));
  const meant = nearest(words[at + 1] ?? '', fixerNames) ?? 'agent';
  const reason = `After "with" it needs one fixer: ${fixerNames.join(', ')}.`;
  const targets = words.slice(0, at).join(' ') || 'PER-1A';
  return unclear(line, reason, `/sentry fix ${targets} with ${meant}`);
}

function parseTop({ line, words, flags }: Words): Command {
  const count = countOf(words[0]);
  if (count === null) return unclear(line, `It needs a number from 1 to ${mostTop}.`, '/sentry top 5');
  if (!flags.has('fix')) return { kind: 'top', count };
  return {
    kind: 'fix',
    selection: { kind: 'top', count },
    yes: flags.has('yes'),
    anyway: flags.has('anyway'),
  };
}

function parseSkip({ line, words }: Words): Command {
  const targets = targetsOf(words);
  if (targets === null || targets.length === 0) return unclearTarget(line, words, 'skip');
  return { kind: 'skip', targets };
}

function parseArchive({ line, words }: Words): Command {
  const [first, ...reason] = words;
  const target = targetOf(first ?? '');
  if (!target)
    return unclear(line, 'It must name one Sentry issue first.', '/sentry archive PER-1A third-party');
  if (reason.length === 0)
    return unclear(
      line,
      'It needs a reason for those who read it later.',
      `/sentry archive ${first} third-party`,
    );
  return { kind: 'archive', target, reason: reason.join(' ').slice(0, mostHint) };
}

function parseRetry({ words }: Words): Command {
  const [first = '', ...rest] = words;
  const target = targetOf(first);
  const after = target ? rest : words;
  const isNamed = /^with$/i.test(after[0] ?? '');
  const fixer = isNamed ? fixerNames.find((name) => name === after[1]?.toLowerCase()) : undefined;
  const hint = (fixer ? after.slice(2) : after).join(' ').slice(0, mostHint);
  return { kind: 'retry', target, hint: hint || null, ...(fixer ? { fixer } : {}) };
}

function parseLink({ line, words }: Words): Command {
  const target = targetOf(words[0] ?? '');
  return target ? { kind: 'link', target } : unclearTarget(line, words, 'link');
}

function countOf(word: string | undefined): number | null {
  if (word === undefined) return defaultTop;
  const count = /^\d{1,3}$/.test(word) ? Number(word) : 0;
  return count >= 1 && count <= mostTop ? count : null;
}

/** Each once, in order; null when a word is neither an id nor a number. */
function targetsOf(words: readonly string[]): Target[] | null {
  const names = words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  const targets = new Map<string, Target>();
  for (const name of names) {
    const target = targetOf(name);
    if (!target) return null;
    targets.set(name.toUpperCase(), target);
  }
  return [...targets.values()];
}

function targetOf(word: string): Target | null {
  if (/^#?[1-9]\d{0,3}$/.test(word)) return { kind: 'number', number: Number(word.replace('#', '')) };
  const shortId = word.toUpperCase();
  return shortIdPattern.test(shortId) ? { kind: 'id', shortId } : null;
}

function unclearTarget(line: string, words: readonly string[], verb: 'fix' | 'skip' | 'link'): Command {
  const reason =
    words.length === 0
      ? 'It names no Sentry issue.'
      : 'It names something that is neither an id of a Sentry issue nor a number of the table.';
  return unclear(line, reason, `/sentry ${verb} PER-1A`);
}

function unclear(text: string, reason: string, right: string): Command {
  return { kind: 'unclear', text, reason, right };
}

// Asks a repository how it came to be: tags, times, what became of a file, who wrote a line.
// It must not write and must not go to the network.

import { Bug } from '../domain/failure.ts';
import type { Hunk } from '../domain/locate/hunk.ts';
import type { BlamedLine, FileChange, History, Tag, TextMatch } from '../ports.ts';
import { gitOfCommit, gitText, type Place, splitNul, textOfCommit } from './git.ts';
import { checkedCommit, isRepositoryPath } from './names.ts';

const searchBytes = 4 * 1024 * 1024;

/** The history of the repository at that place. */
export function createHistory(place: Place): History {
  return {
    listTags: () => listTags(place),
    commitBefore: (head, at) => commitBefore(place, checkedCommit(head), at),
    changeOf: (from, to, path) => changeOf(place, { from: checkedCommit(from), to: checkedCommit(to), path }),
    blame: (commit, path, lines) => blame(place, { commit: checkedCommit(commit), path, lines }),
    searchPattern: (commit, pattern, options) =>
      searchPattern(place, { commit: checkedCommit(commit), pattern, ...options }),
  };
}

/** Annotated tags name a tag object; what it points to is asked for, so that both kinds give a commit. */
async function listTags(place: Place): Promise<Tag[]> {
  const format =
    '--format=%(refname:strip=2)%00%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)';
  const text = await gitText(place, ['for-each-ref', format, 'refs/tags']);
  return text.split('\n').flatMap((line) => {
    const [name, commit] = line.split('\0');
    return name && commit ? [{ name, commit }] : [];
  });
}

async function commitBefore(place: Place, head: string, at: number): Promise<string | null> {
  const before = `--before=@${Math.floor(at / 1000)}`;
  const text = await textOfCommit(place, ['rev-list', '--first-parent', '--max-count=1', before, head]);
  return text.trim() || null;
}

type FileQuestion = { from: string; to: string; path: string };

async function changeOf(place: Place, question: FileQuestion): Promise<FileChange> {
  const { from, to, path } = question;
  if (!isRepositoryPath(path)) return { path: null, hunks: [] };
  const here = await hasFile(place, to, path);
  const now = here ? path : await renamedTo(place, question);
  return {
    path: now,
    hunks: now === null ? [] : await hunksBetween(place, `${from}:${path}`, `${to}:${now}`),
  };
}

async function hasFile(place: Place, commit: string, path: string): Promise<boolean> {
  const text = await textOfCommit(place, ['ls-tree', '-z', '--full-tree', commit, '--', path]);
  return text.startsWith('100');
}

/** Git sees a rename only while it looks at both names, hence at the whole change. */
async function renamedTo(place: Place, { from, to, path }: FileQuestion): Promise<string | null> {
  const text = await textOfCommit(place, [
    'diff-tree',
    '-r',
    '-z',
    '-M50%',
    '-l2000',
    '--name-status',
    '--diff-filter=R',
    from,
    to,
  ]);
  const parts = splitNul(text);
  const at = parts.findIndex((part, index) => index % 3 === 1 && part === path);
  return at < 0 ? null : (parts[at + 1] ?? null);
}

async function hunksBetween(place: Place, from: string, to: string): Promise<Hunk[]> {
  const text = await textOfCommit(place, [
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--histogram',
    from,
    to,
  ]);
  return [...text.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map((found) => ({
    fromLine: Number(found[1]),
    fromCount: Number(found[2] ?? 1),
    toLine: Number(found[3]),
    toCount: Number(found[4] ?? 1),
  }));
}

type BlameQuestion = { commit: string; path: string; lines: { from: number; to: number } };

async function blame(place: Place, { commit, path, lines }: BlameQuestion): Promise<BlamedLine[]> {
  if (!isRepositoryPath(path) || lines.from < 1 || lines.to < lines.from) return [];
  const range = `${lines.from},${lines.to}`;
  const result = await gitOfCommit(place, [
    'blame',
    '--line-porcelain',
    '-w',
    '-L',
    range,
    commit,
    '--',
    path,
  ]);
  // A file or a line that is not there is an answer, not a failure.
  return result.exitCode === 0 ? parseBlame(result.stdout.toString('utf8')) : [];
}

/** Each line comes with a header of its own and ends in a line that begins with a tab. */
function parseBlame(text: string): BlamedLine[] {
  const entries = text.split(/^\t.*$/m).filter((entry) => entry.trim() !== '');
  return entries.flatMap((entry) => {
    const head = /^([0-9a-f]{40,64}) \d+ (\d+)/m.exec(entry);
    if (!head?.[1]) return [];
    return {
      line: Number(head[2]),
      commit: head[1],
      author: fieldOf(entry, 'author'),
      at: Number(fieldOf(entry, 'author-time')) * 1000,
      summary: fieldOf(entry, 'summary'),
    };
  });
}

function fieldOf(entry: string, name: string): string {
  return new RegExp(`^${name} (.*)$`, 'm').exec(entry)?.[1] ?? '';
}

type PatternQuestion = { commit: string; pattern: string; limit: number; endings: readonly string[] };

async function searchPattern(place: Place, question: PatternQuestion): Promise<TextMatch[]> {
  const { commit, pattern, limit, endings } = question;
  if (pattern === '' || /[\n\0]/.test(pattern) || limit < 1) return [];
  const output = await gitOfCommit(
    place,
    [
      'grep',
      '-E',
      '-n',
      '-I',
      '-z',
      '--no-color',
      `--max-count=${limit}`,
      '-e',
      pattern,
      commit,
      '--',
      ...endings.map((ending) => `:(glob)**/*.${ending}`),
    ],
    { maxBytes: searchBytes, env: { GIT_LITERAL_PATHSPECS: '0' } },
  );
  // 1 means no match; null means that enough came out.
  if (output.exitCode !== null && output.exitCode > 1)
    throw new Bug(`git grep could not use the pattern ${pattern}: ${output.stderr}`);
  const lines = output.stdout.toString('utf8').split('\n').slice(0, -1);
  return lines.flatMap((line) => parseMatch(line, commit)).slice(0, limit);
}

/** `<commit>:<path> NUL <line> NUL <text>`; anything else was cut off and is left out. */
function parseMatch(line: string, commit: string): TextMatch[] {
  const [file, number, ...text] = line.split('\0');
  if (!file?.startsWith(`${commit}:`) || number === undefined || !/^\d+$/.test(number)) return [];
  return [
    { path: file.slice(commit.length + 1), line: Number(number), text: text.join('\0').slice(0, 1000) },
  ];
}

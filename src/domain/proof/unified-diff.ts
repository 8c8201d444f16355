// Reads a unified diff as git prints it. Lines are counted by the hunk's own numbers, so that text which
// looks like a header stays text. It must not judge.

export type DiffLine = {
  kind: 'added' | 'removed' | 'context';
  text: string;
  /** 1-based, in the file after the change; for a removed line, where it would stand. */
  line: number;
};

export type FileDiff = {
  /** After the change; before it for a deleted file. */
  path: string;
  /** Set when it was renamed or copied. */
  from: string | null;
  isNew: boolean;
  isDeleted: boolean;
  isBinary: boolean;
  /** Git's six digits, when the diff names them. */
  oldMode: string | null;
  newMode: string | null;
  hunks: DiffLine[][];
};

/** Every file of the diff, in its order. A text that is no diff gives none. */
export function parseDiff(diff: string): FileDiff[] {
  const lines = diff.split('\n');
  const files: FileDiff[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const header = /^diff --git (.+)$/.exec(line);
    const hunk = /^@@ -\d+(?:,(?<old>\d+))? \+(?<start>\d+)(?:,(?<count>\d+))? @@/.exec(line)?.groups;
    const file = files.at(-1);
    if (header) files.push(emptyFile(pathOfHeader(header[1] ?? '')));
    else if (file && hunk)
      at = readHunk(lines, at, {
        file,
        old: count(hunk['old']),
        added: count(hunk['count']),
        start: Number(hunk['start']),
      });
    else if (file) readHeaderLine(file, line);
    at++;
  }
  return files;
}

function count(digits: string | undefined): number {
  return digits === undefined ? 1 : Number(digits);
}

function emptyFile(path: string): FileDiff {
  return {
    path,
    from: null,
    isNew: false,
    isDeleted: false,
    isBinary: false,
    oldMode: null,
    newMode: null,
    hunks: [],
  };
}

/** `a/x b/x`: both halves name the same path unless it was renamed, and then other lines say so. */
function pathOfHeader(text: string): string {
  const quoted = /^"?a\/.* "b\/(?<path>(?:[^"\\]|\\.)*)"$/.exec(text)?.groups?.['path'];
  if (quoted !== undefined) return unquote(quoted);
  return text.slice(text.length - (text.length - 1) / 2).replace(/^b\//, '');
}

function readHeaderLine(file: FileDiff, line: string): void {
  const mode = /^(?<what>old mode|new mode|new file mode|deleted file mode) (?<mode>\d{6})$/.exec(
    line,
  )?.groups;
  if (mode) readMode(file, mode['what'] ?? '', mode['mode'] ?? '');
  else readNames(file, line);
  const shared = /^index [\da-f]+\.\.[\da-f]+ (\d{6})$/.exec(line)?.[1];
  if (shared !== undefined) file.newMode = file.oldMode = shared;
  if (/^Binary files .* differ$|^GIT binary patch$/.test(line)) file.isBinary = true;
}

function readNames(file: FileDiff, line: string): void {
  const moved = /^(?:rename|copy) (?<end>from|to) (?<path>.+)$/.exec(line)?.groups;
  if (moved?.['end'] === 'from') file.from = pathOf(moved['path'] ?? '');
  if (moved?.['end'] === 'to') file.path = pathOf(moved['path'] ?? '');
  const named = /^(?:\+\+\+|---) (?<path>"?[ab]\/.+?)\t?$/.exec(line)?.groups?.['path'];
  if (named !== undefined) file.path = pathOf(named).slice(2);
}

function readMode(file: FileDiff, what: string, mode: string): void {
  if (what.startsWith('new')) file.newMode = mode;
  else file.oldMode = mode;
  if (what === 'new file mode') file.isNew = true;
  if (what === 'deleted file mode') file.isDeleted = true;
}

function pathOf(text: string): string {
  return text.startsWith('"') ? unquote(text.slice(1, -1)) : text;
}

/** Git's C-style quoting: octal bytes of UTF-8, and the usual escapes. */
function unquote(text: string): string {
  const letters: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };
  const encoded = text.replace(/\\([0-7]{3}|.)|%/g, (all, escape: string | undefined) => {
    if (escape === undefined) return '%25';
    if (/^[0-7]{3}$/.test(escape)) return `%${Number.parseInt(escape, 8).toString(16).padStart(2, '0')}`;
    return letters[escape] ?? all;
  });
  try {
    return decodeURIComponent(encoded);
  } catch {
    return text;
  }
}

type Hunk = { file: FileDiff; old: number; added: number; start: number };

/** Gives the index of the hunk's last line. */
function readHunk(lines: readonly string[], at: number, { file, old, added, start }: Hunk): number {
  const hunk: DiffLine[] = [];
  let index = at;
  let [left, right, line] = [old, added, start];
  while ((left > 0 || right > 0) && index + 1 < lines.length) {
    const text = lines[++index] ?? '';
    const sign = text[0];
    if (sign === '\\') continue;
    const kind = sign === '+' ? 'added' : sign === '-' ? 'removed' : 'context';
    hunk.push({ kind, text: text.slice(1), line });
    if (kind !== 'added') left--;
    if (kind !== 'removed') right--;
    if (kind !== 'removed') line++;
  }
  file.hunks.push(hunk);
  return index;
}

// Splits lines of code into code and comments, with what stands in strings blanked out.
// A scanner, no parser: a hunk that starts inside a block comment or a template is read as code, and
// JSX text is code to it. Callers must not build more on it than a warning.

export type Language = 'js' | 'ts' | 'tsx' | 'rust' | 'python' | 'other';

export type CodeLine = { /** Strings empty, comments gone. */ code: string; comment: string };

const languages: readonly (readonly [RegExp, Language])[] = [
  [/\.[cm]?ts$/i, 'ts'],
  [/\.tsx$/i, 'tsx'],
  [/\.(?:[cm]?jsx?|vue|svelte)$/i, 'js'],
  [/\.rs$/i, 'rust'],
  [/\.pyi?$/i, 'python'],
];

export function languageOf(path: string): Language {
  return languages.find(([pattern]) => pattern.test(path))?.[1] ?? 'other';
}

/** What the scanner is inside of at the end of a line. */
type Inside = 'code' | 'block' | '`' | '"""' | "'''";

/** One entry per line given; state runs on from line to line. */
export function splitCode(lines: readonly string[], language: Language): CodeLine[] {
  let inside: Inside = 'code';
  return lines.map((line) => {
    const scan = scanLine(line, inside, language);
    inside = scan.inside;
    return { code: scan.code, comment: scan.comment };
  });
}

function scanLine(line: string, start: Inside, language: Language): CodeLine & { inside: Inside } {
  let [inside, code, comment, at] = [start, '', '', 0];
  if (inside === 'code' && /^\s*\*(?:\s|\/|$)/.test(line)) return { code: '', comment: line, inside };
  while (at < line.length) {
    const token = tokenAt(line, at, { inside, language, before: code });
    if (token.kind === 'code') code += token.text;
    if (token.kind === 'comment') comment += token.text;
    if (token.kind === 'string') code += token.mark;
    inside = token.inside;
    at += token.text.length;
  }
  return { code, comment, inside };
}

type Token = { kind: 'code' | 'comment' | 'string'; text: string; mark: string; inside: Inside };
type Where = { inside: Inside; language: Language; before: string };

function tokenAt(line: string, at: number, where: Where): Token {
  const rest = line.slice(at);
  if (where.inside !== 'code') return endOf(rest, where.inside);
  return commentAt(rest, where.language) ?? stringAt(rest, where) ?? code(rest[0] ?? '');
}

function code(text: string): Token {
  return { kind: 'code', text, mark: '', inside: 'code' };
}

/** Up to the end of what the scanner is inside of, or of the line. */
function endOf(rest: string, inside: Inside): Token {
  const kind = inside === 'block' ? 'comment' : 'string';
  const closing =
    inside === 'block'
      ? /^.*?\*\//
      : inside === '`'
        ? /^(?:[^`\\]|\\.)*`/
        : inside === '"""'
          ? /^.*?"""/
          : /^.*?'''/;
  const text = closing.exec(rest)?.[0];
  return { kind, text: text ?? rest, mark: '', inside: text === undefined ? inside : 'code' };
}

function commentAt(rest: string, language: Language): Token | null {
  if (language === 'python') {
    return rest.startsWith('#') ? { kind: 'comment', text: rest, mark: '', inside: 'code' } : null;
  }
  if (rest.startsWith('//')) return { kind: 'comment', text: rest, mark: '', inside: 'code' };
  if (!rest.startsWith('/*')) return null;
  const whole = /^\/\*.*?\*\//.exec(rest)?.[0];
  return { kind: 'comment', text: whole ?? rest, mark: '', inside: whole === undefined ? 'block' : 'code' };
}

function stringAt(rest: string, { language, before }: Where): Token | null {
  const open = openingOf(rest, language);
  if (open) return opened(rest, open);
  const plain = (language === 'rust' ? rustString : quoted).exec(rest)?.[0];
  const isScript = language !== 'rust' && language !== 'python';
  const text = plain ?? (isScript && mayStartPattern(before) ? regex.exec(rest)?.[0] : undefined);
  return text === undefined ? null : { kind: 'string', text, mark: '""', inside: 'code' };
}

/** A mark whose string may run over lines. */
function openingOf(rest: string, language: Language): '`' | '"""' | "'''" | null {
  if (language === 'rust') return null;
  if (language !== 'python') return rest.startsWith('`') ? '`' : null;
  if (rest.startsWith('"""')) return '"""';
  return rest.startsWith("'''") ? "'''" : null;
}

/** A quote that does not close on its line is an apostrophe. */
const quoted = /^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/;
/** `'a` is a lifetime, `'a'` a character. */
const rustString = /^(?:'(?:[^'\\]|\\.[^']*)'|"(?:[^"\\]|\\.)*")/;
const regex = /^\/(?![/*])(?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[a-z]*/;

function mayStartPattern(before: string): boolean {
  return /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\breturn|\btypeof|\bcase)\s*$/.test(before);
}

/** A string that may run over lines; what stands in `${}` of a template is not looked at. */
function opened(rest: string, mark: '`' | '"""' | "'''"): Token {
  const inner = endOf(rest.slice(mark.length), mark);
  return { kind: 'string', text: mark + inner.text, mark: '""', inside: inner.inside };
}

// A command as people write it, split into a program and its arguments. No shell reads it: what only a shell could
// carry out is a mistake that says what to write instead.

export type Words = { words: string[] } | { why: string };

/** What a shell would act on outside of quotes, and what it still would between double ones. */
const forShells = /[|&;<>()$`*?[\]~\n]/;
const forShellsInQuotes = /[$`]/;

/** `npm test -- --run "one name"` gives five words; quotes and `\` work as in a shell. */
export function commandWords(text: string): Words {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length;) {
    const char = text[at] ?? '';
    if (/[ \t]/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    const part = partAt(text, at);
    if ('why' in part) return part;
    word = (word ?? '') + part.text;
    at = part.end;
  }
  if (word !== null) words.push(word);
  const [program = ''] = words;
  if (program === '') return { why: 'this names no program' };
  if (/^\w+=/.test(program)) return { why: `this must begin with a program; write env ${program} and so on` };
  return { words };
}

type Part = { text: string; end: number } | { why: string };

/** The next character or quoted part. */
function partAt(text: string, at: number): Part {
  const char = text[at] ?? '';
  if (char === '\\' && at + 1 < text.length) return { text: text[at + 1] ?? '', end: at + 2 };
  if (char !== '"' && char !== "'")
    return forShells.test(char) ? needsShell(char) : { text: char, end: at + 1 };
  const end = text.indexOf(char, at + 1);
  if (end < 0) return { why: `a quote (${char}) is not closed` };
  const inner = text.slice(at + 1, end);
  const found = char === '"' ? forShellsInQuotes.exec(inner)?.[0] : undefined;
  return found === undefined ? { text: inner, end: end + 1 } : needsShell(found);
}

function needsShell(char: string): Part {
  const shown = char === '\n' ? 'a new line' : char;
  return {
    why: `no shell reads this, so ${shown} would mean nothing: put it between single quotes, or the whole into a script of the repository, or write a list: [sh, -c, "…"]`,
  };
}

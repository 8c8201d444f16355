// The grammar of commands in comments. It says what was asked, not whether it is allowed or possible.

export type Command =
  | { kind: 'fix'; shortIds: string[] }
  | { kind: 'retry'; shortId: string; hint: string | null }
  | { kind: 'help' }
  | { kind: 'unclear'; text: string; reason: string };

/** What each command looks like, shown as help and as the line that would have been right. */
export const commandHelp = [
  { usage: '/sentry fix PER-1A PER-2B', meaning: 'approve these Sentry issues: one pull request for each' },
  {
    usage: '/sentry retry PER-1A look at the cache first',
    meaning: 'another attempt, with a hint for the fixer',
  },
  { usage: '/sentry help', meaning: 'this list' },
] as const;

const shortIdPattern = /^[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)+$/;
const maximum = 20;

/** Every command of a comment, in order; quotations and code are not read. At most twenty lines count. */
export function parseCommands(comment: string): Command[] {
  return commandLines(comment).slice(0, maximum).map(parseLine);
}

function commandLines(comment: string): string[] {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of comment.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === null) fence = mark;
    else if (mark && fence && mark.startsWith(fence)) fence = null;
    else if (fence === null && /^ {0,3}\/sentry(?:\s|$)/.test(line)) lines.push(line.trim());
  }
  return lines;
}

function parseLine(line: string): Command {
  const [, verb = '', ...rest] = line.split(/\s+/);
  switch (verb.toLowerCase()) {
    case 'fix':
      return parseFix(line, rest);
    case 'retry':
      return parseRetry(line, rest);
    case '':
    case 'help':
      return { kind: 'help' };
    default:
      return { kind: 'unclear', text: line, reason: 'I do not know this command.' };
  }
}

function parseFix(line: string, words: string[]): Command {
  const shortIds = words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  const wrong = shortIds.find((word) => !shortIdPattern.test(word.toUpperCase()));
  if (shortIds.length === 0) return { kind: 'unclear', text: line, reason: 'It names no Sentry issue.' };
  if (wrong) return { kind: 'unclear', text: line, reason: 'It names something that is no Sentry issue id.' };
  return { kind: 'fix', shortIds: [...new Set(shortIds.map((word) => word.toUpperCase()))] };
}

function parseRetry(line: string, words: string[]): Command {
  const [shortId, ...hint] = words;
  if (!shortId || !shortIdPattern.test(shortId.toUpperCase())) {
    return { kind: 'unclear', text: line, reason: 'It must name one Sentry issue id first.' };
  }
  return { kind: 'retry', shortId: shortId.toUpperCase(), hint: hint.join(' ') || null };
}

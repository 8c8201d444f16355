// Reads the repository's own "Do Not Fix Unless Asked" list out of its notes for agents (CLAUDE.md, AGENTS.md).
// Doubt protects: whatever in the list looks like a path counts as one.

/** Where such lists stand. */
export const notesPaths = ['CLAUDE.md', 'AGENTS.md'] as const;

const heading = /^(#{1,6})\s+(.*?)\s*#*$/;
const wanted = /do\s*n[o']t\s+(?:fix|touch|change)\b/i;
const mostPaths = 200;

/** The paths and globs that the list names, in order, each once. */
export function doNotFixPaths(markdown: string): string[] {
  const found = sectionLines(markdown).flatMap(pathsOf);
  return [...new Set(found)].slice(0, mostPaths);
}

/** Lines under a heading (or a bold line) that says so, up to the next heading of the same or a higher level. */
function sectionLines(markdown: string): string[] {
  const lines: string[] = [];
  let level = 0;
  for (const line of markdown.split(/\r?\n/)) {
    const [, marks, text] = heading.exec(line) ?? [];
    const opens = wanted.test(text ?? '') || /^\*\*[^*]*do\s+not\s+fix[^*]*\*\*/i.test(line);
    if (opens) level = marks?.length ?? 7;
    else if (marks !== undefined && level > 0 && marks.length <= level) level = 0;
    if (level > 0) lines.push(line);
  }
  return lines;
}

function pathsOf(line: string): string[] {
  const spans = [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  const item = /^\s*(?:[-*+]|\d+[.)])\s+(\S+)/.exec(line)?.[1] ?? '';
  return [...spans, ...(spans.length === 0 ? [item] : [])].map(cleaned).filter(isPath);
}

function cleaned(text: string): string {
  const path = text
    .trim()
    .replace(/^\.?\//, '')
    .replace(/[,;:.]+$/, '')
    .replace(/:\d+(?:-\d+)?$/, '');
  return path.endsWith('/') ? `${path}**` : path;
}

function isPath(text: string): boolean {
  return (
    text.length <= 300 && /^[\w@.*{}[\]!?+,()-]+(?:\/[\w@.*{}[\]!?+,()-]+)*$/.test(text) && /[/.]/.test(text)
  );
}

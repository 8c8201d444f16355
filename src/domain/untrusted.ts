// Every text from outside passes here before a person, a repository or a model sees it.
// It must not decide what to say; it only makes text inert (reference github.md, 3.6).

import { mask } from './mask.ts';

/** Breaks a mention, a reference or a keyword without being seen. As an entity it survives Markdown. */
const breaker = '&#8203;';

/** What may hide or reorder text: control, format (zero-width, bidirectional, tags), unpaired surrogates, fillers. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Without control and format characters, line breaks included. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** Makes one line of plain characters: no invisible ones, white space folded. */
export function oneLine(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ')
    .replace(invisible, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Cuts on whole code points and says so with an ellipsis. `max` counts code points. */
export function truncate(text: string, max: number): string {
  const points = Array.from(text.slice(0, max * 2 + 2));
  return points.length <= max
    ? text
    : `${points
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}

/** One line, personal data and secrets masked, at most `max` code points. Not yet safe in Markdown. */
export function plain(text: string, max: number): string {
  // A megabyte of hostile text must not meet the masks: what lies beyond the window is never shown.
  const window = oneLine(text.slice(0, max * 4 + 4_000));
  return truncate(mask(window), max);
}

/** Inline Markdown that shows the text and does nothing: no mention, link, HTML, reference or formatting. */
export function inline(text: string, max: number): string {
  return escapeMarkdown(plain(text, max));
}

/** A code span that shows the text; falls back to escaped HTML where a span could break a table. */
export function code(text: string, max: number): string {
  const content = plain(text, max);
  if (content === '') return '';
  if (content.includes('|')) return htmlCode(text, max);
  const fence = '`'.repeat(longestRun(content) + 1);
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** A code span as HTML, right where GitHub reads Markdown and where it does not, such as in a summary. */
export function htmlCode(text: string, max: number): string {
  const content = plain(text, max).replace(
    /[^\p{L}\p{N} ./]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
  return content === '' ? '' : `<code>${content.replaceAll('&#64;', `&#64;${breaker}`)}</code>`;
}

/** A fenced block that shows several lines; keeps the end, which is where errors stand. `max` counts code points. */
export function block(text: string, max: number): string {
  const lines = mask(text.slice(-(max * 2 + 4_000)))
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => line.replaceAll('\t', '  ').replace(invisible, '').trimEnd());
  const points = Array.from(lines.join('\n').trim());
  const content = points.length <= max ? points.join('') : `…${points.slice(-(max - 1)).join('')}`;
  const fence = '`'.repeat(Math.max(3, longestRun(content) + 1));
  return `${fence}text\n${content}\n${fence}`;
}

/** Text for a commit message or a title, where GitHub reads mentions and references but no Markdown. */
export function title(text: string, max: number): string {
  const content = plain(text, max * 2)
    .replace(/<!--|-->/g, '')
    .replace(/@(?=[\w-])/g, '@ ')
    .replace(/#(?=\d)/g, '# ')
    .replace(/\bGH-(?=\d)/gi, 'GH ')
    .replace(closingKeyword, (word) => `${word},`)
    .replace(/:\/\//g, ': //');
  return truncate(oneLine(content), max);
}

/**
 * Sentences that somebody else wrote, for places that read Markdown and for places that do not: no formatting, link,
 * mention, reference or HTML is left. `max` counts code points.
 */
export function prose(text: string, max: number): string {
  const content = plain(text, max * 2)
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/(?<![\w])_|_(?![\w])|[`*~<>[\]{}|\\$]/g, '')
    .replace(/[@#](?=[\w])/g, '')
    .replace(/\bGH-(?=\d)/gi, 'GH ')
    .replace(/:\/\//g, ': //')
    .replace(/\bwww\./gi, 'www ');
  return truncate(oneLine(content), max);
}

/** Lower-case letters, digits and dashes only; for branch names. */
export function slug(text: string, max: number): string {
  const words = plain(text, 200)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return words.slice(0, max).replace(/^-+|-+$/g, '');
}

const closingKeyword = /\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?)\b(?=:?\s)/gi;

function escapeMarkdown(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]~]/g, '\\$&')
    .replace(/\|/g, '&#124;')
    .replace(/\$/g, '&#36;')
    .replace(/@/g, `@${breaker}`)
    .replace(/#(?=[\w])(?<!&#)/g, `#${breaker}`)
    .replace(/\bGH-(?=\d)/gi, (word) => `${word.slice(0, 2)}${breaker}-`)
    .replace(/:\/\//g, `:${breaker}//`)
    .replace(/\bwww\./gi, (word) => `${word.slice(0, 3)}${breaker}.`)
    .replace(/\b[0-9a-f]{7,40}\b/gi, breakHash)
    .replace(closingKeyword, (word) => `${word.slice(0, 2)}${breaker}${word.slice(2)}`)
    .replace(/^(\d+)([.)])/, `$1${breaker}$2`)
    .replace(/^[-+=#:]/, (character) => `&#${character.charCodeAt(0)};`);
}

/** A run of hexadecimal digits that GitHub would link as a commit; plain numbers stay readable. */
function breakHash(run: string): string {
  return /^\d+$/.test(run) ? run : run.replace(/.{6}(?=.)/g, `$&${breaker}`);
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

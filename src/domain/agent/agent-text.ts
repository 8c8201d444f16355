// Text from outside on its way to a model: made plain, shortened, and fenced so that it cannot pass for ours.

import { mask } from '../mask.ts';
import { withoutInvisible } from '../untrusted.ts';

/** A word that nobody outside can know, new for each run, so that no text can end its own fence. */
export type Marker = string;

/** Several lines: nothing hidden, no HTML comment, no image, no personal data, at most `max` characters. */
export function plainLines(text: string, max: number): string {
  const window = text.slice(0, max * 2 + 4_000);
  const shown = mask(withoutHidden(window));
  return shown.length <= max ? shown : `${shown.slice(0, max).trimEnd()}\n[… shortened …]`;
}

/** The end of a long output, where errors stand. */
export function lastLines(text: string, max: number): string {
  const shown = mask(withoutHidden(text.slice(-(max * 2 + 4_000))));
  return shown.length <= max ? shown : `[… shortened …]\n${shown.slice(-max).trimStart()}`;
}

/** Also taken out where it began or ended outside what is looked at. */
function withoutHidden(text: string): string {
  return text
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replaceAll(/!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])/g, '[image]')
    .replaceAll(/<img\b[^>]*>/gi, '[image]')
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => withoutInvisible(line.replaceAll('\t', '  ')).trimEnd())
    .join('\n')
    .trim();
}

/** A fence with its name and marker; the content cannot contain the marker. */
export function fenced(name: string, marker: Marker, content: string): string {
  return `<${name} ${marker}>\n${content.replaceAll(marker, '')}\n</${name} ${marker}>`;
}

// Picks the words of a message that stand in the source as they are, to find who wrote them.
// It must not search; the job does.

import type { CrashEvent } from '../crash/crash-event.ts';

/** Shorter pieces stand in many files. */
const shortest = 14;
const mostPieces = 3;

/** The longest pieces of the event's own texts without the values put into them, longest first. */
export function distinctivePieces(event: CrashEvent): string[] {
  const exceptions = event.exceptions.map((exception) => exception.value ?? '');
  const texts = exceptions.length > 0 ? exceptions : [event.message ?? event.title];
  const pieces = texts.flatMap((text) => piecesOf(text.slice(0, 2000)));
  const names = [event.culprit, event.tags['transaction']].filter((name) =>
    /^[a-z]+(?:[_-][a-z0-9]+){1,}$/.test(name ?? ''),
  );
  const found = [...pieces, ...names.filter((name) => name !== null && name !== undefined)];
  return [...new Set(found)].toSorted((left, right) => right.length - left.length).slice(0, mostPieces);
}

/** Values are numbers, quotations, addresses, ids, and what a scrubber put in their place. */
function piecesOf(text: string): string[] {
  return text
    .split(/["'`“”‘’]|\[[^\]]*\]|<[^>]*>|\(.*\)|\b\d[\d.,:]*\b|\b[0-9a-f-]{16,}\b|https?:\S+|\/\S+|[{}\n\\:]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece.length >= shortest && piece.includes(' ') && !builtIn.test(piece));
}

/** What engines and runtimes say by themselves leads nowhere. */
const builtIn =
  /^(?:Cannot (?:read|set|access|destructure|convert|use)|undefined is not|null is not|is not a function|Unexpected (?:token|end|identifier)|Maximum call stack|Failed to (?:fetch|execute)|Network(?:Error| request)|called Option|called Result|on a None value|index out of bounds|attempt to|object has no attribute|runtime error|invalid memory address|nil pointer|No such file|connect E|Expected \w+, received|Object of type|list index out)/i;

// What a panic's message says about the crash, in the wordings of the standard library.
// Only reads text; none of it is ever published.

import type { CrashEvent } from '../../domain/crash/crash-event.ts';
import type { Declined } from '../templates/template.ts';

/**
 * `none`, `err`: an unwrap met nothing or an error; `said`: a text of the program's own, maybe an `expect`;
 * `index`: beyond the end; `cut`: a text cut inside a character; `key`: a map without that key; `todo`: code that was
 * never written.
 */
export type PanicKind = 'none' | 'err' | 'said' | 'index' | 'cut' | 'subtract' | 'key' | 'todo';

export type Panic = { kind: PanicKind; message: string };

const wordings: readonly { pattern: RegExp; kind: PanicKind }[] = [
  { pattern: /^called `Option::unwrap\(\)` on a `None` value/, kind: 'none' },
  { pattern: /^called `Result::unwrap\(\)` on an `Err` value: /, kind: 'err' },
  { pattern: /^index out of bounds: the len is \d+ but the index is \d+/, kind: 'index' },
  { pattern: /^range (?:start|end) index \d+ out of range for slice/, kind: 'index' },
  { pattern: /^(?:(?:start|end) )?byte index \d+ is out of (?:bounds|range)/, kind: 'index' },
  { pattern: /^(?:(?:start|end) )?byte index \d+ is not a char boundary/, kind: 'cut' },
  { pattern: /^assertion failed: self\.is_char_boundary\(/, kind: 'cut' },
  { pattern: /^attempt to subtract with overflow/, kind: 'subtract' },
  { pattern: /^no entry found for key/, kind: 'key' },
  { pattern: /^not yet implemented(?:: |$)/, kind: 'todo' },
];

/** Panics that no template may touch, with what a person should look at. */
const untouchable: readonly { pattern: RegExp; why: string }[] = [
  {
    pattern: /PoisonError/,
    why: 'A lock was poisoned because another thread had panicked while it held it: that first panic is the one to mend.',
  },
  {
    pattern: /already (?:mutably )?borrowed|BorrowMutError|BorrowError/,
    why: 'A `RefCell` is borrowed while another borrow of it is still held: which of the two must end earlier is a decision of a person.',
  },
  {
    pattern: /stack overflow|has overflowed its stack/,
    why: 'The stack is used up: a function calls itself without end, which no guard on one line mends.',
  },
  {
    pattern: /memory allocation of \d+ bytes failed|capacity overflow/,
    why: 'Memory could not be had: why so much was asked for must be found first.',
  },
  {
    pattern:
      /^(?:internal error: entered unreachable code|not implemented|explicit panic|assertion (?:failed|`))/,
    why: 'The program panics on purpose here: the code says that this must not happen, and a person has to say what should.',
  },
  {
    pattern: /^attempt to (?!subtract)\w+|^called `\w+::(?:unwrap|expect)_\w+\(\)`/,
    why: 'This panic has no template: what the result should be instead cannot be told from the code.',
  },
];

/** The panic of the event, or why its kind is left to a person. */
export function panicOf(event: CrashEvent): Panic | Declined {
  const thrown = event.exceptions.find(
    ({ type, mechanism }) => type === 'panic' || mechanism?.type === 'panic',
  );
  const text = thrown?.value ?? (event.exceptions.length === 0 ? event.message : null);
  const message = text?.trim().slice(0, 2000) ?? '';
  if (message === '') return { why: 'The event carries no panic message, so the kind of crash is unknown.' };
  const known = wordings.find(
    ({ pattern }) => pattern.test(message) && message.search(/PoisonError|Borrow(?:Mut)?Error/) < 0,
  );
  if (known) return { kind: known.kind, message };
  const refused = untouchable.find(({ pattern }) => pattern.test(message));
  return refused ? { why: refused.why } : { kind: 'said', message };
}

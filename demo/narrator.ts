// Tells the story while it happens: one line per step with its time and link, and remembers the steps.
// It plays nothing itself.

import { stripVTControlCharacters } from 'node:util';

export type Step = { name: string; ms: number };

/** What a step gives: a value for the next one, a sentence for people, and where to look at it. */
export type Told<T> = { value: T; says: string; link: string };

export type Narrator = {
  steps: readonly Step[];
  /** Runs one step and tells it when it is done. `expected` is what should have been when it fails. */
  step<T>(about: { name: string; expected: string }, work: () => Promise<Told<T>>): Promise<T>;
  /** More than a line: a diff, a summary. */
  show(text: string): void;
};

/** A step that did not do what it should; the cause says what happened instead. */
export class StepFailed extends Error {
  readonly step: string;
  readonly expected: string;
  constructor(about: { name: string; expected: string }, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.step = about.name;
    this.expected = about.expected;
  }
}

/** Somebody asked to stop: no failure of the step that was under way. */
export class Stopped extends Error {}

export function createNarrator(write: (text: string) => void): Narrator {
  const begun = performance.now();
  const steps: Step[] = [];
  return {
    steps,
    step: async (about, work) => {
      const started = performance.now();
      const told = await work().catch((error: unknown) => {
        throw error instanceof StepFailed || error instanceof Stopped ? error : new StepFailed(about, error);
      });
      steps.push({ name: about.name, ms: Math.round(performance.now() - started) });
      write(`${seconds(performance.now() - begun)}  ${plain(`${told.says}  ${told.link}`)}\n`);
      return told.value;
    },
    show: (text) => write(`${plain(text)}\n`),
  };
}

/** `12.3 s`, right-aligned so that lines stand below each other. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(7);
}

/** Text of events and repositories reaches a terminal without anything the terminal would obey. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]|[^\P{Cf}]/gu, '');
}

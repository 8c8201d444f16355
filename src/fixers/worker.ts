// One program that does script work, told line by line. It reads the checkouts of one repository, which lie side by side
// in a folder, and what it consists of itself; the sandbox shows it nothing else.
// It must not know when a program is wanted.

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Bug } from '../domain/failure.ts';
import type { Draft, FixTask } from '../ports.ts';
import type { Running } from '../run.ts';
import { type Sandbox, usualLimits } from '../run/sandbox.ts';
import type { Drafting } from './reproduce/draft.ts';
import type { Place, ScriptPlan } from './templates/script.ts';

export type Order = {
  id: string;
  /** Orders of one look at a checkout have the same; it may have changed before the next. */
  look: number;
  task: FixTask;
} & ({ work: 'plan'; place: Place } | { work: 'draft'; drafting: Drafting });
export type Answer = { id: string } & ({ value: ScriptPlan | Draft | { why: string } } | { error: string });

export type Unsent = Order extends infer Each
  ? Each extends Order
    ? Omit<Each, 'id' | 'look'>
    : never
  : never;

/** The work's value; or that the program ended first, of its own or because it took too long. */
export type Said = { value: object } | { timedOut: boolean };

export type Worker = {
  readonly folder: string;
  /** Whether it was kept for later work once. */
  hasWaited: boolean;
  isBusy(): boolean;
  /** Throws Bug when the work itself fails. */
  ask(order: Unsent): Promise<Said>;
  end(): Promise<void>;
};

const program = fileURLToPath(new URL('work-program.ts', import.meta.url));
const timeoutMs = 5 * 60_000;
/** For the program as a whole, which serves many. */
const longestLifeMs = 24 * 60 * 60_000;

/** What the program consists of; whatever else lies there, as settings with secrets, stays unseen. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const ownPlaces = ['src', 'node_modules', 'package.json'].map((name) => path.join(root, name));

type Waiting = { resolve: (said: Said) => void; reject: (error: unknown) => void };

/** `over`: what to tell whoever asks after its end; null before. */
type State = { waiting: Map<string, Waiting>; isLate: boolean; over: ((one: Waiting) => void) | null };

/** `gone` is called once, when it has ended. */
export function startWorker(sandbox: Sandbox, folder: string, gone: () => void): Worker {
  const waiting = new Map<string, Waiting>();
  const state: State = { waiting, isLate: false, over: null };
  let look = 0;
  const running = sandbox.start(process.execPath, [program], {
    cwd: folder,
    env: {},
    timeoutMs: longestLifeMs,
    confine: {
      writable: [],
      readable: [folder, process.execPath, ...ownPlaces],
      masked: [],
      forwards: [],
      limits: usualLimits,
    },
  });
  createInterface({ input: running.stdout }).on('line', (line) => {
    // Whoever says something else is not to be talked with.
    if (!settle(waiting, line)) void running.end();
  });
  void follow(running, state).finally(gone);
  return {
    folder,
    hasWaited: false,
    isBusy: () => waiting.size > 0,
    ask: (order) => {
      if (waiting.size === 0) look += 1;
      const id = randomUUID();
      const late = setTimeout(() => {
        state.isLate = true;
        void running.end();
      }, timeoutMs);
      const said = new Promise<Said>((resolve, reject) => {
        if (state.over) state.over({ resolve, reject });
        else waiting.set(id, { resolve, reject });
      });
      running.stdin.write(`${JSON.stringify({ ...order, id, look })}\n`);
      return said.finally(() => clearTimeout(late));
    },
    end: () => running.end(),
  };
}

/** False when the line is no answer to anything that was asked. */
function settle(waiting: Map<string, Waiting>, line: string): boolean {
  const answer = answerIn(line);
  const asked = answer && waiting.get(answer.id);
  if (!asked) return false;
  waiting.delete(answer.id);
  if ('error' in answer) asked.reject(new Bug(`Work on types failed: ${answer.error}`));
  else asked.resolve({ value: answer.value });
  return true;
}

function answerIn(line: string): Answer | null {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return null;
  }
}

/** Tells whoever waits when it ends, and whoever asks then. */
async function follow(running: Running, state: State): Promise<void> {
  const end = (tell: (one: Waiting) => void): void => {
    state.over = tell;
    const asked = [...state.waiting.values()];
    state.waiting.clear();
    for (const one of asked) tell(one);
  };
  try {
    await running.ended;
    end(({ resolve }) => resolve({ timedOut: state.isLate }));
  } catch (error) {
    end(({ reject }) => reject(error));
  }
}

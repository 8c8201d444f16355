// Has script work done by a program of its own: this process goes on answering meanwhile, and stays small, which makes
// every program that it starts cheaper. Types of a hostile repository can only take that program down, and links of one
// lead it nowhere: the sandbox shows it the checkouts of that repository, to read, and nothing else of this machine's.
// It must not decide anything.

import path from 'node:path';
import type { Draft } from '../ports.ts';
import type { Sandbox } from '../run/sandbox.ts';
import type { ScriptWork } from './script-work.ts';
import type { ScriptPlan } from './templates/script.ts';
import { startWorker, type Said, type Unsent, type Worker } from './worker.ts';

/** Most of what it does first is loading and warming up a compiler: whoever ticks one box ticks the next soon. */
const usualIdleMs = 3 * 60_000;

export type ScriptsApart = ScriptWork & {
  /** Ends every program, at work or not. */
  close(): Promise<void>;
};

/**
 * One program for the works that come together on one checkout. The last one that has nothing to do waits for the next
 * checkout beside the one that it knew (those of a repository lie in one folder), and is ended after `idleMs`.
 */
export function workApart({
  sandbox,
  idleMs = usualIdleMs,
}: {
  sandbox: Sandbox;
  idleMs?: number;
}): ScriptsApart {
  const atWork = new Map<string, Worker>();
  const all = new Set<Worker>();
  const spare = createSpare(idleMs);
  let isClosed = false;
  const startOne = (folder: string): Worker => {
    const worker = startWorker(sandbox, folder, () => {
      all.delete(worker);
      spare.forget(worker);
    });
    all.add(worker);
    return worker;
  };
  const release = (dir: string, worker: Worker): void => {
    if (atWork.get(dir) !== worker || worker.isBusy()) return;
    atWork.delete(dir);
    if (all.has(worker)) spare.keep(worker);
  };
  const askOne = async (dir: string, worker: Worker, order: Unsent): Promise<Said> => {
    atWork.set(dir, worker);
    try {
      return await worker.ask(order);
    } finally {
      release(dir, worker);
    }
  };
  const ask = async <T>(dir: string, order: Unsent): Promise<T | { why: string }> => {
    const folder = path.dirname(dir);
    const worker = atWork.get(dir) ?? spare.take(folder) ?? startOne(folder);
    const answer = await askOne(dir, worker, order);
    if ('value' in answer) return answer.value as T;
    // One that had waited may have been at its own end: that says nothing about this work.
    if (!worker.hasWaited || answer.timedOut || isClosed) return { why: whyOf(answer) };
    const again = await askOne(dir, atWork.get(dir) ?? startOne(folder), order);
    return 'value' in again ? (again.value as T) : { why: whyOf(again) };
  };
  return {
    plan: async (task, place) => {
      const plan = await ask<ScriptPlan>(place.dir, { work: 'plan', task, place });
      if (!('why' in plan)) return plan;
      return { result: { outcome: 'refused', tried: [{ what: 'templates', why: plan.why }] }, text: null };
    },
    draft: (task, drafting) => ask<Draft>(drafting.root, { work: 'draft', task, drafting }),
    close: async () => {
      isClosed = true;
      spare.drop();
      await Promise.all([...all].map((worker) => worker.end()));
    },
  };
}

type Spare = {
  keep(worker: Worker): void;
  take(folder: string): Worker | null;
  forget(worker: Worker): void;
  drop(): void;
};

/** Keeps the last program that had nothing more to do, for a while. */
function createSpare(idleMs: number): Spare {
  let kept: { worker: Worker; timer: NodeJS.Timeout } | null = null;
  const clear = (): Worker | null => {
    clearTimeout(kept?.timer);
    const worker = kept?.worker ?? null;
    kept = null;
    return worker;
  };
  const drop = (): void => void clear()?.end();
  return {
    keep: (worker) => {
      drop();
      kept = { worker, timer: setTimeout(drop, idleMs) };
    },
    take: (folder) => {
      const worker = kept?.worker.folder === folder ? clear() : null;
      if (worker) worker.hasWaited = true;
      return worker;
    },
    forget: (worker) => {
      if (kept?.worker === worker) clear();
    },
    drop,
  };
}

/** A repository that is too large for it is no reason to try again. */
function whyOf({ timedOut }: Extract<Said, { timedOut: boolean }>): string {
  return timedOut
    ? 'The types could not be decided within 5 minutes.'
    : 'The types could not be decided: the type checker broke off, most likely for lack of memory.';
}

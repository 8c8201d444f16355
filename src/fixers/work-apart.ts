// Has script work done by a program of its own: this process goes on answering meanwhile, and stays small, which makes
// every program that it starts cheaper. Types of a hostile repository can only take that program down.
// It must not decide anything.

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Bug } from '../domain/failure.ts';
import type { Draft, FixTask } from '../ports.ts';
import { start, type Running } from '../run.ts';
import type { Drafting } from './reproduce/draft.ts';
import type { ScriptWork } from './script-work.ts';
import type { Place, ScriptPlan } from './templates/script.ts';

export type Order = { id: string; task: FixTask } & (
  | { work: 'plan'; place: Place }
  | { work: 'draft'; drafting: Drafting }
);
export type Answer = { id: string } & ({ value: ScriptPlan | Draft | { why: string } } | { error: string });

type Unsent = Order extends infer Each ? (Each extends Order ? Omit<Each, 'id'> : never) : never;

const program = fileURLToPath(new URL('work-program.ts', import.meta.url));
const timeoutMs = 5 * 60_000;

/** One program for the works that come together on one checkout; it is ended with the last of them. */
export function workApart(): ScriptWork {
  const open = new Map<string, Worker>();
  const ask = async <T>(dir: string, order: Unsent): Promise<T | { why: string }> => {
    const worker = open.get(dir) ?? startWorker(dir, () => open.delete(dir));
    open.set(dir, worker);
    return (await worker.ask(order)) as T | { why: string };
  };
  return {
    plan: async (task, place) => {
      const plan = await ask<ScriptPlan>(place.dir, { work: 'plan', task, place });
      if (!('why' in plan)) return plan;
      return { result: { outcome: 'refused', tried: [{ what: 'templates', why: plan.why }] }, text: null };
    },
    draft: (task, drafting) => ask<Draft>(drafting.root, { work: 'draft', task, drafting }),
  };
}

type Worker = { ask(order: Unsent): Promise<object> };

type Waiting = { resolve: (value: object) => void; reject: (error: unknown) => void };

function startWorker(dir: string, gone: () => void): Worker {
  const waiting = new Map<string, Waiting>();
  const running = start(process.execPath, [program], { cwd: dir, env: {}, timeoutMs });
  createInterface({ input: running.stdout }).on('line', (line) => {
    settle(waiting, JSON.parse(line) as Answer);
    if (waiting.size > 0) return;
    gone();
    running.stdin.end();
  });
  void follow(running, waiting).finally(gone);
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        const id = randomUUID();
        waiting.set(id, { resolve, reject });
        running.stdin.write(`${JSON.stringify({ ...order, id })}\n`);
      }),
  };
}

function settle(waiting: Map<string, Waiting>, answer: Answer): void {
  const asked = waiting.get(answer.id);
  waiting.delete(answer.id);
  if ('error' in answer) asked?.reject(new Bug(`Work on types failed: ${answer.error}`));
  else asked?.resolve(answer.value);
}

/** What was not answered when it ended: a repository that is too large for it is no reason to try again. */
async function follow(running: Running, waiting: Map<string, Waiting>): Promise<void> {
  try {
    const { timedOut } = await running.ended;
    const why = timedOut
      ? 'The types could not be decided within 5 minutes.'
      : 'The types could not be decided: the type checker broke off, most likely for lack of memory.';
    for (const { resolve } of waiting.values()) resolve({ why });
  } catch (error) {
    for (const { reject } of waiting.values()) reject(error);
  }
}

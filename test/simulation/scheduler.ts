// Holds every call of every simulated process until it is let through, one at a time, in any order.
// It must not know what the calls do.

import type { Gate } from './memory/store.ts';

export type Step = {
  process: string;
  what: string;
  /** True when the effect happens outside the process: it may happen even if the process dies meanwhile. */
  remote: boolean;
  /** When it is over at the earliest. */
  at: number;
  free: () => boolean;
  /** Does the effect, or what a fault makes of it, and lets the caller go on. */
  run: () => Promise<void>;
  /** Does the effect and tells nobody. */
  happen: () => Promise<void>;
};

export type Scheduler = { steps: Step[]; trace: string[] | null };

/** How a call goes: as it should, or wrong before or after its effect. */
export type Fate = { when: 'well' } | { when: 'before' | 'after'; error: Error };

export function newScheduler(traced: boolean): Scheduler {
  return { steps: [], trace: traced ? [] : null };
}

export type Call = { process: string; what: string; remote: boolean; at?: number; fate: () => Fate };

/** The returned promise settles when the step has been let through; never when the process died before. */
export function hold<T>(
  scheduler: Scheduler,
  call: Call,
  effect: () => Promise<T>,
  free: () => boolean = () => true,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const run = async (): Promise<void> => {
    const fate = call.fate();
    if (fate.when === 'before') return reject(fate.error);
    try {
      const result = await effect();
      if (fate.when === 'after') reject(fate.error);
      else resolve(result);
    } catch (error) {
      reject(error);
    }
  };
  const happen = async (): Promise<void> => {
    await effect().catch(() => undefined);
  };
  scheduler.steps.push({ at: 0, ...call, free, run, happen });
  return promise;
}

/** Lets one step through and waits until everything that follows from it waits again. */
export async function letThrough(scheduler: Scheduler, step: Step): Promise<void> {
  scheduler.steps.splice(scheduler.steps.indexOf(step), 1);
  scheduler.trace?.push(`${step.process} ${step.what}`);
  await step.run();
  await quiet();
}

/** Promises run on before timers do, so this comes after everything that can go on by itself. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A gate of the store for one process. */
export function gateOf(scheduler: Scheduler, process: string, onStep: (what: string) => void): Gate {
  return (what, effect, wait) => {
    const call = { process, what: `store.${what}`, remote: false, fate: () => ({ when: 'well' as const }) };
    const noted = (): ReturnType<typeof effect> => {
      onStep(what);
      return effect();
    };
    return hold(scheduler, call, noted, wait?.free);
  };
}

// The fixer that asks a coding agent: any program that speaks the Agent Client Protocol over its standard streams.
// What it says is not believed: its change is what differs in its folder afterwards.

import { changeLimits } from '../../domain/proof/limits.ts';
import type { Clock, Fixer, FixerTries, FixerWork, FixTask, Log, Models } from '../../ports.ts';
import type { OpenSandbox } from '../../run/open-sandbox.ts';
import { minutesText, type AgentSettings } from '../settings.ts';
import { openSession } from './session.ts';
import { createTries } from './tries.ts';

export type AgentOptions = {
  settings: AgentSettings;
  minutes: number;
  readable: readonly string[];
  dataDir: string;
  sandbox: OpenSandbox;
  models: Models;
  clock: Clock;
  log: Log;
};

export function createAgent(options: AgentOptions): Fixer {
  const open = async (task: FixTask, dir: string, work: FixerWork): Promise<FixerTries> => {
    const session = await openSession(options, { task, dir, work });
    return createTries(options, { task, work, session });
  };
  return {
    name: 'agent',
    readsHints: true,
    budget: async () => {
      const { fix, day } = await options.models.budget();
      return { fix: `${minutesText(options.minutes)}, ${fix}`, day };
    },
    open,
    fix: async (task, dir) => {
      const tries = await open(task, dir, alone());
      try {
        return await tries.attempt(task.previousFailure);
      } finally {
        await tries.close();
      }
    },
  };
}

/** For a try that nobody follows. */
function alone(): FixerWork {
  return {
    progress: () => Promise.resolve(),
    signal: new AbortController().signal,
    rules: { limits: changeLimits, protectedPaths: [], checks: [] },
  };
}

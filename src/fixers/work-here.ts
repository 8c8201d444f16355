// Does script work in this process, which does nothing else meanwhile: for the command line and for tests.

import { draftTest } from './reproduce/draft.ts';
import type { ScriptWork } from './script-work.ts';
import { planScript } from './templates/script.ts';

export const workHere: ScriptWork = {
  plan: async (task, place) => planScript(task, place),
  draft: async (task, drafting) => draftTest(task, drafting),
};

// What has to do with the types of TypeScript and JavaScript: opening a project takes a second and much memory, so who
// asks for it says where it is done (work-here.ts, work-apart.ts).
// It must not load the compiler.

import type { Draft, FixTask } from '../ports.ts';
import type { Drafting } from './reproduce/draft.ts';
import type { Place, ScriptPlan } from './templates/script.ts';

export type ScriptWork = {
  /** Asks the templates; writes nothing. */
  plan(task: FixTask, place: Place): Promise<ScriptPlan>;
  /** Tests of the crash, or why there can be none, as a clause; writes nothing. */
  draft(task: FixTask, drafting: Drafting): Promise<Draft | { why: string }>;
};

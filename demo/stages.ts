// Where each fix stands in Suture's own words, read from its database after it has stopped.
// It changes nothing there.

import { stageOf, type Stage } from '../src/domain/stage.ts';
import { createLog } from '../src/log.ts';
import { openStore } from '../src/store/open-store.ts';

/** Stage by short id, of the newest attempt. Call it when no Suture runs on that folder. */
export async function readStages(dataDir: string, bindingId: string): Promise<Map<string, Stage>> {
  const store = await openStore({
    dataDir,
    databaseUrl: null,
    log: createLog({ level: 'silent', secrets: [], stream: 2 }),
    clock: { now: Date.now },
  });
  try {
    const fixes = await store.readFixes(bindingId);
    const byAttempt = fixes.toSorted((left, right) => left.attempt - right.attempt);
    return new Map(byAttempt.map((fix) => [fix.shortId, stageOf(fix.facts)]));
  } finally {
    await store.close();
  }
}

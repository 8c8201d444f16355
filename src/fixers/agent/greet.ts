// Whether an agent can be talked with: it is started as for a fix, in an empty folder, and ended before any prompt. Nothing
// is asked of a model, so nothing is spent.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FixTask, FixerWork } from '../../ports.ts';
import type { AgentOptions } from './agent.ts';
import { openSession } from './session.ts';

const nothing: FixTask = {
  problem: { shortId: 'doctor', title: '' },
  event: {
    id: '',
    platform: null,
    type: null,
    title: '',
    message: null,
    culprit: null,
    at: null,
    release: null,
    releaseCommit: null,
    environment: null,
    exceptions: [],
    threads: [],
    breadcrumbs: [],
    request: null,
    contexts: {},
    tags: {},
    processingErrors: [],
    debugImages: [],
  },
  location: { frames: [], suspect: null, candidates: [], refusal: null },
  diagnosis: { sentences: [], actionable: true, reason: null, rootCause: '' },
  hint: null,
  previousFailure: null,
};

/** Gives the agent's name and version. Throws Refusal with what is missing. */
export async function greetAgent(options: AgentOptions): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'suture-greeting-'));
  const work: FixerWork = {
    progress: () => Promise.resolve(),
    signal: new AbortController().signal,
    rules: { limits: { files: 0, lines: 0 }, protectedPaths: [], checks: [] },
  };
  try {
    const session = await openSession(options, { task: nothing, dir, work });
    await session.close();
    return session.conversation.agent;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

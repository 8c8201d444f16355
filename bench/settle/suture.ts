// Suture's own rooms and jobs for a pass of the timer, on PGlite in a folder: reconcile, then the jobs that it sends.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { approvedFacts, type Fix } from '../../src/domain/fix.ts';
import { createGit } from '../../src/git/source-control.ts';
import { createGitHub } from '../../src/github/app.ts';
import { createSigner } from '../../src/github/signer.ts';
import { reconcile } from '../../src/jobs/reconcile.ts';
import { settle } from '../../src/jobs/settle.ts';
import type { Settled } from '../../src/jobs/unchanged.ts';
import { createLog } from '../../src/log.ts';
import type { Job } from '../../src/ports.ts';
import { createSentry } from '../../src/sentry/client.ts';
import { openStore } from '../../src/store/open-store.ts';
import { queues } from '../../src/store/queues.ts';
import { atOnce } from './at-once.ts';
import { serve, type Pull, type Settings } from './settings.ts';

const webhookSecret = 'the-apps-webhook-secret';
const userAgent = 'suture/bench';
const log = createLog({ level: 'silent', secrets: [], stream: 2 });
const clock = { now: () => Date.now() };
const dataDir = mkdtempSync(path.join(tmpdir(), 'suture-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit(0));

const binding = {
  id: 'bench',
  source: { org: 'lantern', project: 'shop' },
  repo: { owner: 'lantern', name: 'shop' },
};

serve(async (told) => {
  const ports = await openPorts(told);
  for (const pull of told.pulls) await ports.store.createFix(openFix(pull));
  const settled: Settled = new Map();
  return (wanted) => {
    if (wanted === 'full') settled.clear();
    return pass(ports, settled);
  };
});

/** The jobs it sends are run at once, as many together as the queue lets run: the queue's own pace is not measured. */
async function pass(ports: Awaited<ReturnType<typeof openPorts>>, settled: Settled): Promise<void> {
  const sent: Job[] = [];
  const send = async (jobs: readonly Job[]): Promise<void> => void sent.push(...jobs);
  await reconcile({ ...ports, store: { ...ports.store, send } }, { bindingId: binding.id }, settled);
  const toSettle = sent.flatMap((job) => (job.name === 'settle' ? [job.data] : []));
  await atOnce(queues.settle.workers, toSettle, (data) => settle(ports, data, settled));
}

async function openPorts({ githubUrl, appId, privateKey }: Settings) {
  const { host } = await createGitHub({
    appId,
    privateKey,
    webhookSecret,
    apiUrl: githubUrl,
    gitUrl: githubUrl,
    writePauseMs: 0,
    log,
    userAgent,
  });
  await host.readSelf();
  return {
    host,
    store: await openStore({ dataDir, databaseUrl: null, log, clock }),
    // Asked only about a problem that vanished, and none does.
    source: createSentry({ baseUrl: 'http://127.0.0.1:9', token: 'none', userAgent, clock, log }),
    git: createGit({ dataDir, log }),
    clock,
    log,
    signer: createSigner(webhookSecret),
    bindings: [binding],
  };
}

/** Offered for review and green: it waits for its merge. */
function openFix({ number, url, branch, sha }: Pull): Fix {
  const now = clock.now();
  const facts = approvedFacts({ by: 'mia', at: now, via: 'tick', hint: null });
  const ends = { mergeSha: null, mergedAt: null, closedAt: null };
  const verdict = { state: 'passed' as const, detail: '1 check passed' };
  const pull = { number, url, state: 'open' as const, headSha: sha, base: 'main', draft: false, ...ends };
  return {
    id: `bench-${number}`,
    bindingId: binding.id,
    problemId: String(number),
    shortId: branch.slice('sentry/'.length),
    title: 'A crash',
    permalink: `https://sentry.example/${number}`,
    attempt: 1,
    facts: {
      ...facts,
      proposal: { branch, commit: sha, replaces: null, base: 'main', files: ['b.txt'], strategy: 'guard' },
      pull: { ...pull, verdict, conflicts: false, failed: [] },
      proposedAt: now,
      life: { ...facts.life, readyAt: now, asked: [], base: 'main' },
    },
  };
}

// Suture's own rooms and jobs for one turn of the timer: fetch, then refresh, on PGlite in a folder.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGitHub } from '../../src/github/app.ts';
import { createSigner } from '../../src/github/signer.ts';
import { fetchProblems } from '../../src/jobs/fetch.ts';
import { refresh } from '../../src/jobs/refresh.ts';
import { createLog } from '../../src/log.ts';
import { createSentry } from '../../src/sentry/client.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createDocuments } from '../../src/syntax/yaml.ts';
import { serve, settings } from './settings.ts';

const webhookSecret = 'the-apps-webhook-secret';
const log = createLog({ level: 'silent', secrets: [], stream: 2 });
const clock = { now: () => Date.now() };
const dataDir = mkdtempSync(path.join(tmpdir(), 'suture-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit(0));

const store = await openStore({ dataDir, databaseUrl: null, log, clock });
const { host } = await createGitHub({
  appId: settings.appId,
  privateKey: settings.privateKey,
  webhookSecret,
  apiUrl: settings.githubUrl,
  gitUrl: settings.githubUrl,
  writePauseMs: 0,
  log,
  userAgent: 'suture/bench',
});
const source = createSentry({
  baseUrl: settings.sentryUrl,
  token: settings.token,
  userAgent: 'suture/bench',
  clock,
  log,
});
const binding = {
  id: 'bench',
  source: { org: 'lantern', project: 'shop' },
  repo: { owner: 'lantern', name: 'shop' },
};
const ports = {
  source,
  host,
  store,
  clock,
  log,
  signer: createSigner(webhookSecret),
  documents: createDocuments(),
  bindings: [binding],
};

serve(async (message) => {
  if (message === 'warm up') return void (await host.readSelf());
  await fetchProblems(ports, { bindingId: binding.id });
  await refresh(ports, { bindingId: binding.id });
});

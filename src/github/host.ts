// The CodeHost port over GitHub's REST API: joins the parts. It must not hold a rule of its own.

import { Refusal } from '../domain/failure.ts';
import { repoName } from '../domain/problem.ts';
import type { CodeHost, Log } from '../ports.ts';
import type { AppClient } from './app-client.ts';
import { createCalls, type Calls } from './calls.ts';
import { createReadFile } from './files.ts';
import type { GitTokens } from './git-tokens.ts';
import type { Installations } from './installations.ts';
import { createIssues } from './issues.ts';
import { createOffering } from './offering.ts';
import { createListOpenPulls } from './open-pulls.ts';
import { createReadRole, createReadSelf } from './people.ts';
import { createPulls } from './pulls.ts';
import { createReadPullMarks } from './pull-marks.ts';
import { createReadRequiredChecks } from './required-checks.ts';
import { createReadRunOutput } from './run-output.ts';
import { repositoryShape } from './shapes.ts';

/** `forget` drops everything that was kept, when GitHub says that it is out of date; `gitUrl` is the web address. */
export function createHost(parts: {
  app: AppClient;
  installations: Installations;
  gitTokens: GitTokens;
  forget: () => void;
  gitUrl: string;
  log: Log;
}): CodeHost {
  const { app, installations, gitTokens, forget, gitUrl, log } = parts;
  const calls = createCalls({ installations, appId: app.appId, forget });
  const readRequiredChecks = createReadRequiredChecks(calls);
  return {
    readRepository: createReadRepository(calls),
    readSelf: createReadSelf({ app, gitUrl, log }),
    readRole: createReadRole(calls),
    ...createIssues(calls),
    ...createPulls(calls),
    listOpenPulls: createListOpenPulls(calls),
    ...createOffering(calls),
    readRunOutput: createReadRunOutput(calls),
    readFile: createReadFile(calls),
    readRequiredChecks,
    readPullMarks: createReadPullMarks(calls, readRequiredChecks),
    gitAccess: (repo) => gitTokens.access(repo),
  };
}

function createReadRepository(calls: Calls): CodeHost['readRepository'] {
  return (repo) =>
    calls.run(repo, 'look up the default branch', async (client, place) => {
      const found = repositoryShape.parse((await client.rest.repos.get(place)).data);
      if (found.full_name.toLowerCase() !== `${place.owner}/${place.repo}`.toLowerCase()) {
        throw new Refusal(`${repoName(repo)} is now ${found.full_name}: put that name into the binding.`);
      }
      return {
        defaultBranch: found.default_branch,
        archived: found.archived ?? false,
        webUrl: found.html_url,
      };
    });
}

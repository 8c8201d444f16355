// Calls as the GitHub App itself, signed with its key. It must not touch what belongs to an installation.

import type { Probot, ProbotOctokit } from 'probot';
import { toFailure } from './failures.ts';
import type { Granted } from './needs.ts';
import { appShape } from './shapes.ts';

export type Client = ProbotOctokit;
export type Work<T> = (client: Client) => Promise<T>;
type App = Granted & { slug: string; url: string };

export interface AppClient {
  readonly appId: string;
  /** `doing` completes the sentence "… to <doing>". Throws Refusal, Later or Bug. */
  call<T>(doing: string, work: Work<T>): Promise<T>;
  /** The same, as one of its installations. */
  callFor<T>(installation: number, doing: string, work: Work<T>): Promise<T>;
  /** The app as GitHub has it now. */
  read(): Promise<App>;
  /** The client of one installation: no request yet, so nothing to fail. */
  clientOf(installation: number): Promise<Client>;
}

export function createAppClient(probot: Probot, appId: string): AppClient {
  const call = <T>(doing: string, work: Work<T>): Promise<T> => callFor(undefined, doing, work);

  async function callFor<T>(installation: number | undefined, doing: string, work: Work<T>): Promise<T> {
    try {
      return await work(await probot.auth(installation));
    } catch (error) {
      throw toFailure(error, { doing, appId, settingsUrl: null });
    }
  }

  return {
    appId,
    call,
    callFor,
    read: () =>
      call('read what the app may do', async (client) => {
        const { html_url: url, ...app } = appShape.parse((await client.rest.apps.getAuthenticated()).data);
        return { ...app, url };
      }),
    clientOf: (installation) => probot.auth(installation),
  };
}

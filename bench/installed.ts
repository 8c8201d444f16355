// The place that rows about GitHub start from: a repository, a person who may write, and the App installed on it.

import { needs } from '../src/github/needs.ts';
import type { GitHubWorld } from '../test/world/github/start.ts';

export const place = { owner: 'lantern', repo: 'shop' };

/** What a measured process needs to speak as the App, and a token of the person's. */
export async function installApp(
  github: GitHubWorld,
): Promise<{ appId: string; privateKey: string; person: string }> {
  const { owner, repo } = place;
  await github.addRepository({ owner, name: repo });
  const { token: person } = github.addUser('mia');
  github.setRole(`${owner}/${repo}`, 'mia', 'write');
  const app = github.addApp({
    slug: 'suture',
    permissions: Object.fromEntries(needs.map(({ permission, level }) => [permission, level])),
    events: needs.flatMap(({ events }) => [...events]),
    webhookSecret: 'the-apps-webhook-secret',
  });
  github.install('suture', owner, [repo]);
  return { appId: String(app.appId), privateKey: app.privateKey, person };
}

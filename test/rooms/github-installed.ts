// The GitHub room installed on one repository of the stand-in, `acme/shop`.
// It must not hide anything from the tests: they get both sides.

import { createGitHub, type GitHub } from '../../src/github/app.ts';
import type { Identities } from '../../src/github/identities.ts';
import { needs } from '../../src/github/needs.ts';
import type { Log } from '../../src/ports.ts';
import { startGitHub, type GitHubWorld } from '../world/github/start.ts';

export const webhookSecret = 'a webhook secret';
export const shop = { owner: 'acme', name: 'shop' };
/** The same as Octokit's parameters, for acting as people. */
export const place = { owner: 'acme', repo: 'shop' };

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {}, child: () => quiet };

export type Installed = {
  world: GitHubWorld;
  github: GitHub;
  installation: number;
  stop: () => Promise<void>;
};

/** `webhookUrl`: where the stand-in delivers; nowhere when absent. `actions`: with the optional permission; `without`: lacking these. `root` is an admin of the repository. */
export async function startInstalled(
  webhookUrl?: string,
  actions = true,
  identities?: Identities,
  without: readonly string[] = [],
): Promise<Installed> {
  const world = await startGitHub();
  world.addUser('root');
  await world.addRepository({ ...shop, fromDirectory: 'src/domain' });
  world.setRole('acme/shop', 'root', 'admin');
  const app = world.addApp({
    slug: 'suture',
    permissions: Object.fromEntries(
      needs
        .filter(({ optional, permission }) => (!optional || actions) && !without.includes(permission))
        .map(({ permission, level }) => [permission, level]),
    ),
    events: needs.flatMap(({ events }) => [...events]),
    webhookSecret,
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
  });
  const installation = world.install('suture', 'acme', ['shop']);
  const github = await createGitHub({
    appId: String(app.appId),
    privateKey: app.privateKey,
    webhookSecret,
    apiUrl: world.url,
    gitUrl: world.url,
    writePauseMs: 0,
    log: quiet,
    userAgent: 'suture/test',
    ...(identities && { identities }),
  });
  const stop = async (): Promise<void> => {
    await github.close();
    await world.close();
  };
  return { world, github, installation, stop };
}

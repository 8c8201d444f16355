// Repositories by GitHub's own number, which stays when they are renamed or transferred.
// It must not know what the operator calls them.

import type { AppClient } from './app-client.ts';
import { Absent } from './failures.ts';
import { installationsShape, numberedShape } from './shapes.ts';

/** Octokit's own parameter names. */
export type Place = { owner: string; repo: string };

type Numbered = { id: number; name: string; owner: { login: string } };

export interface Numbers {
  /** What the repository of that number is called today; null when no installation of the app sees it any more. */
  placeOf(number: number, likely: number | null): Promise<Place | null>;
  /** `route`: by name or by number. */
  readNumbered(installation: number, route: string): Promise<Numbered>;
}

export function createNumbers(app: AppClient): Numbers {
  /** Any of the app's installations may have it now: that of its name most likely. */
  async function placeOf(number: number, likely: number | null): Promise<Place | null> {
    const there = likely === null ? null : await placeIn(likely, number);
    if (there !== null) return there;
    const all = await app.call('list its installations', (client) =>
      client.paginate(client.rest.apps.listInstallations, { per_page: 100 }),
    );
    for (const { id } of installationsShape.parse(all)) {
      const found = id === likely ? null : await placeIn(id, number);
      if (found !== null) return found;
    }
    return null;
  }

  async function placeIn(installation: number, number: number): Promise<Place | null> {
    try {
      const { owner, name } = await readNumbered(installation, `/repositories/${number}`);
      return { owner: owner.login, repo: name };
    } catch (error) {
      if (error instanceof Absent) return null;
      throw error;
    }
  }

  const readNumbered = (installation: number, route: string): Promise<Numbered> =>
    app.callFor(installation, 'look which repository it works for', async (client) =>
      numberedShape.parse((await client.request(`GET ${route}`)).data),
    );

  return { placeOf, readNumbered };
}

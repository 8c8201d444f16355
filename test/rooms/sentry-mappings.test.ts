// Code mappings made in Sentry are read where the token may, only those of the bound repository.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/ports.ts';
import { createSentry } from '../../src/sentry/client.ts';
import { startSentry, type SentryWorld } from '../world/sentry/world.ts';

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {}, child: () => quiet };
const project = { org: 'acme', project: 'shop' };
const repo = { owner: 'acme', name: 'shop-web' };

describe('code mappings', () => {
  let world: SentryWorld;
  beforeAll(async () => {
    world = await startSentry();
    world.addOrganization('acme');
    world.addProject({ org: 'acme', slug: 'shop' });
    for (const name of ['acme/shop-web', 'acme/other']) world.addRepository({ org: 'acme', name });
    const mapping = { org: 'acme', project: 'shop', stackRoot: '/srv/app/', sourceRoot: 'packages/web/' };
    world.addCodeMapping({ ...mapping, repository: 'acme/shop-web' });
    world.addCodeMapping({ ...mapping, repository: 'acme/other', sourceRoot: 'elsewhere/' });
  });
  afterAll(() => world.close());

  async function read(scopes: string[]): Promise<unknown> {
    const token = world.addToken({ org: 'acme', scopes });
    const clock = { now: () => Date.now() };
    const sentry = createSentry({ baseUrl: world.url, token, userAgent: 'test', clock, log: quiet });
    try {
      return await sentry.readPathMappings(project, repo);
    } finally {
      await sentry.close();
    }
  }

  it('are those of the bound repository', async () => {
    expect(await read(['event:read', 'project:read', 'org:read', 'org:integrations'])).toEqual([
      { stackRoot: '/srv/app/', sourceRoot: 'packages/web/' },
    ]);
  });

  it('are none where the token may not read them', async () => {
    expect(await read(['event:read', 'project:read'])).toEqual([]);
  });
});

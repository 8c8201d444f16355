import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { missingNeeds, needs } from '../../src/github/needs.ts';
import { translations } from '../../src/github/translate.ts';

const require = createRequire(import.meta.url);

const manifest = z
  .strictObject({
    name: z.string().max(34),
    description: z.string().min(1),
    url: z.url({ protocol: /^https$/ }),
    public: z.literal(false),
    hook_attributes: z.strictObject({ url: z.url({ protocol: /^https$/ }), active: z.literal(true) }),
    default_permissions: z.record(z.string(), z.string()),
    default_events: z.array(z.string()),
  })
  .parse(parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')));

const permissions = z
  .object({
    components: z.object({
      schemas: z.object({
        'app-permissions': z.object({
          properties: z.record(z.string(), z.object({ enum: z.array(z.string()) }).loose()),
        }),
      }),
    }),
  })
  .parse(require('@octokit/openapi/generated/api.github.com.json')).components.schemas[
  'app-permissions'
].properties;

const webhooks = z
  .object({
    webhooks: z.record(
      z.string(),
      z.object({ post: z.object({ summary: z.string(), tags: z.array(z.string()).optional() }).loose() }),
    ),
  })
  .parse(require('@octokit/openapi-webhooks/generated/api.github.com.json')).webhooks;

/** GitHub names them `issues-edited`, `check-run-completed`, `status`. */
function isPublished(event: string): boolean {
  const key = event.replaceAll(/[._]/g, '-');
  return Object.keys(webhooks).some((name) => name === key || name.startsWith(`${key}-`));
}

describe('app.yml', () => {
  test('asks for the permissions of the table and nothing more', () => {
    expect(manifest.default_permissions).toEqual(
      Object.fromEntries(needs.map(({ permission, level }) => [permission, level])),
    );
  });

  test('subscribes to the events of the table and nothing more', () => {
    expect(manifest.default_events).toEqual(needs.flatMap(({ events }) => [...events]));
  });

  test("names the whole path of the hook, which Probot's own default leaves out", () => {
    expect(new URL(manifest.hook_attributes.url).pathname).toBe('/api/github/webhooks');
  });
});

describe('the table', () => {
  test.each(needs)('asks for "$permission: $level", which GitHub knows', ({ permission, level }) => {
    expect(permissions[permission]?.enum).toContain(level);
  });

  test.each(needs.flatMap(({ permission, events }) => events.map((event) => ({ event, permission }))))(
    'may hear "$event" with the permission $permission',
    ({ event, permission }) => {
      expect(isPublished(event)).toBe(true);
      const key = event.replaceAll('_', '-');
      const summaries = Object.entries(webhooks).filter(
        ([name]) => name === key || name.startsWith(`${key}-`),
      );
      const words = permission.replace('_', ' ').replace('statuses', 'commit statuses').replace(/s$/, '');
      expect(summaries[0]?.[1].post.summary.toLowerCase()).toContain(words);
    },
  );

  test('covers every event that is translated; those about installations come by themselves', () => {
    const heard = new Set(Object.keys(translations).map((event) => event.split('.')[0]));
    const subscribed = needs.flatMap(({ events }) => [...events]);
    const named = [...heard].filter((event) => !event?.startsWith('installation'));
    expect(new Set(named)).toEqual(new Set(subscribed));
  });

  test.each(Object.keys(translations))('%s is an event that GitHub publishes', (event) => {
    const key = event.replaceAll(/[._]/g, '-');
    expect(Object.keys(webhooks)).toContain(key);
  });

  test('is satisfied by what app.yml asks for, and by more', () => {
    const granted = { permissions: manifest.default_permissions, events: manifest.default_events };
    expect(missingNeeds(granted, 'here')).toEqual([]);
    expect(
      missingNeeds({ ...granted, permissions: { ...granted.permissions, checks: 'write' } }, 'here'),
    ).toEqual([]);
  });

  test('says what is missing', () => {
    const granted = {
      permissions: { ...manifest.default_permissions, issues: 'read' },
      events: manifest.default_events.filter((event) => event !== 'status'),
    };
    expect(missingNeeds(granted, 'in the settings')).toMatchInlineSnapshot(`
      [
        "The permission "issues: write" is missing (Suture writes the triage issue and hears its ticks and commands): grant it in the settings.",
        "The event "status" is missing (Suture sees whether commit statuses passed): subscribe to it in the settings.",
      ]
    `);
  });
});

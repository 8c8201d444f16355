// The one delivery that every server gets: GitHub's own example of issues.edited with a triage issue's checklist in it.
// It must be the same bytes for everyone, so that the signature is too.

import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { z } from 'zod';

export const secret = 'bench-secret';
export const webhookPath = '/api/github/webhooks';

const examples = z.array(
  z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }),
);

export const body = makeBody();

export const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

function makeBody(): string {
  const all = examples.parse(createRequire(import.meta.url)('@octokit/webhooks-examples'));
  const issues = all.find((event) => event.name === 'issues')?.examples ?? [];
  const edited = issues.find((example) => example['action'] === 'edited') ?? {};
  const issue = { ...z.record(z.string(), z.unknown()).parse(edited['issue']), body: checklist('x') };
  return JSON.stringify({ ...edited, issue, changes: { body: { from: checklist(' ') } } });
}

function checklist(box: string): string {
  const line = (index: number): string =>
    `- [${box}] <!-- fix ${(index * 7919).toString(36)} --> SHOP-${index} TypeError: reading 'total' of undefined`;
  return Array.from({ length: 22 }, (_, index) => line(index)).join('\n');
}

// The two doors as the program builds them, for the web room's tests and the bench: signatures by a library
// (GitHub) and over raw bytes (Sentry, reference sentry.md, 1.3). It must not be imported by src.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { verify } from '@octokit/webhooks-methods';
import type { Job } from '../../src/ports.ts';
import type { Delivery, Door } from '../../src/web/door.ts';

const mebibyte = 1024 * 1024;

export function githubDoor(secret: string): Door {
  return {
    path: '/api/github/webhooks',
    limitBytes: 25 * mebibyte,
    requiredHeaders: ['x-github-event', 'x-github-delivery', 'x-hub-signature-256'],
    verify: (raw, headers) => verify(secret, raw.toString('utf8'), String(headers['x-hub-signature-256'])),
    accept: ({ text, headers }) => {
      if (headers['x-github-event'] === 'ping') return 'ignore';
      return [delivered('github', text, [headers['x-github-event'], headers['x-github-delivery']])];
    },
  };
}

export function sentryDoor(secret: string): Door {
  return {
    path: '/sentry/webhook',
    limitBytes: 2 * mebibyte,
    requiredHeaders: ['sentry-hook-resource', 'sentry-hook-signature', 'request-id'],
    verify: (raw, headers) => {
      const wanted = createHmac('sha256', secret).update(raw).digest();
      const given = Buffer.from(String(headers['sentry-hook-signature']), 'hex');
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
    accept: ({ text, headers }: Delivery) => [
      delivered('sentry', text, [headers['sentry-hook-resource'], headers['request-id']]),
    ],
  };
}

function delivered(from: 'github' | 'sentry', body: string, [event, delivery]: unknown[]): Job {
  const data = { from, event: String(event), delivery: String(delivery), body };
  return { name: 'receive-delivery', data, id: `${from} ${data.delivery}` };
}

export function githubHeaders(
  secret: string,
  body: string | Buffer,
  delivery: string,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': delivery,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}

export function sentryHeaders(
  secret: string,
  body: string | Buffer,
  delivery: string,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'sentry-hook-resource': 'issue',
    'request-id': delivery,
    'sentry-hook-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
}

// The two doors of the server, and how what came through them is understood later, in a job.
// A door verifies raw bytes, drops what nobody hears, and enqueues under the delivery's own id.

import { readHeaders, verifyGitHub } from './github/webhook.ts';
import { hears } from './github/translate.ts';
import type { GitHub } from './github/app.ts';
import type { Deliveries } from './ports.ts';
import { readSentryDelivery, verifySentry } from './sentry/webhook.ts';
import type { Door } from './web/door.ts';

const mebibyte = 1024 * 1024;

/** GitHub sends up to 25 MiB (reference github.md, 2.3). */
export function gitHubDoor(secret: string): Door {
  return {
    path: '/api/github/webhooks',
    limitBytes: 25 * mebibyte,
    requiredHeaders: ['x-github-event', 'x-github-delivery', 'x-hub-signature-256'],
    verify: (raw, headers) => verifyGitHub(raw, String(headers['x-hub-signature-256']), secret),
    accept: ({ text, headers }) => {
      const { event, delivery } = readHeaders(headers);
      if (!hears(event)) return 'ignore';
      const data = { from: 'github' as const, event, delivery, body: text };
      return [{ name: 'receive-delivery', data, id: `github:${delivery}` }];
    },
  };
}

/** Sentry waits one second and sends an internal integration's delivery once (reference sentry.md, 1.4). */
export function sentryDoor(secret: string): Door {
  return {
    path: '/sentry/webhook',
    limitBytes: 2 * mebibyte,
    requiredHeaders: ['sentry-hook-resource', 'sentry-hook-signature'],
    verify: (raw, headers) => verifySentry(raw, String(headers['sentry-hook-signature']), secret),
    accept: ({ text, headers }) => {
      const event = String(headers['sentry-hook-resource']);
      const hint = readSentryDelivery(event, text);
      if (hint === null) return 'ignore';
      const data = { from: 'sentry' as const, event, delivery: hint.dedupeKey, body: text };
      return [{ name: 'receive-delivery', data, id: `sentry:${hint.dedupeKey}` }];
    },
  };
}

/** Understands stored deliveries of both. */
export function createDeliveries(github: Pick<GitHub, 'receive'>): Deliveries {
  return {
    read: async ({ from, event, delivery, body }) => {
      if (from === 'github') return github.receive({ id: delivery, event, body });
      const hint = readSentryDelivery(event, body);
      return hint === null
        ? []
        : [{ kind: 'problem-moved', project: hint.project, problemId: hint.problemId }];
    },
  };
}

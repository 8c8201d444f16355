// A stand-in of Sentry that remembers and refuses: what tests and the demo start and hold.
// Must not hold rules of its own; the other files of this folder do.

import type { AddressInfo } from 'node:net';
import { Deliveries } from './deliveries.ts';
import { Faults, type Failure } from './faults.ts';
import { Limiter } from './limiter.ts';
import { createSentryServer, type RequestRecord, type SentryPages } from './server.ts';
import { changing, settingUp, type Changing, type SettingUp } from './set-up.ts';
import type { World } from './state.ts';
import { issuesOf, type WorldIssue } from './world-issue.ts';

export type { SentryPages } from './server.ts';
export type { WorldIssue } from './world-issue.ts';

export type SentryOptions = {
  /** Milliseconds since 1970; the machine's clock when absent. */
  now?: () => number;
  /** `none` as self-hosted, `headers` (default) without refusing, `enforced` as sentry.io. */
  limits?: 'none' | 'headers' | 'enforced';
  /** How long a webhook's receiver has; 1000 as on Sentry. */
  webhookTimeoutMs?: number;
  /** What archiving is called in webhooks; servers differ (reference sentry.md, 1.6). */
  archivedAction?: 'archived' | 'ignored';
  /** Serves the web pages the demo shows at the addresses Sentry would have. */
  pages?: SentryPages;
};

export type SentryWorld = SettingUp &
  Changing & {
    /** Base address; REST below `${url}/api/0/…`. */
    url: string;
    /** By project slug or id, of any organisation; oldest first. */
    issues(project: string): WorldIssue[];
    fail(failure: Failure): void;
    slow(input: { path: RegExp; ms: number; times: number }): void;
    rateLimit(input: { path: RegExp; times: number }): void;
    deliveries: Deliveries;
    /** REST calls only. */
    requests: RequestRecord[];
    /** Why envelopes were refused; empty when every SDK was understood. */
    rejections: string[];
    close(): Promise<void>;
  };

/** Listens on 127.0.0.1 at a free port until `close`. */
export async function startSentry(options: SentryOptions = {}): Promise<SentryWorld> {
  const world = emptyWorld(options);
  const faults = new Faults();
  const requests: RequestRecord[] = [];
  const rejections: string[] = [];
  const limits = options.limits ?? 'headers';
  const pages = options.pages ?? null;
  const limiter = new Limiter();
  const server = createSentryServer({ world, faults, limiter, requests, rejections, limits, pages });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: world.url,
    ...settingUp(world),
    ...changing(world),
    issues: (project) => issuesOf(world, project),
    fail: (failure) => faults.fail(failure),
    slow: (input) => faults.slow(input),
    rateLimit: (input) => faults.rateLimit(input),
    deliveries: world.deliveries,
    requests,
    rejections,
    close: async () => {
      await world.deliveries.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function emptyWorld(options: SentryOptions): World {
  let last = 4_500_000;
  const now = options.now ?? Date.now;
  return {
    url: '',
    now,
    archivedAction: options.archivedAction ?? 'archived',
    orgs: [],
    tokens: new Map(),
    issues: new Map(),
    events: new Map(),
    deliveries: new Deliveries({ now, timeoutMs: options.webhookTimeoutMs ?? 1000 }),
    nextId: () => {
      last += 1;
      return last;
    },
  };
}

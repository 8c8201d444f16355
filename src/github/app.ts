// Suture as a GitHub App on Probot: its authentication, its client and its event router, without its server.
// It must not verify deliveries (webhook.ts does, on raw bytes) nor act on them.

import { AsyncLocalStorage } from 'node:async_hooks';
import { createPrivateKey } from 'node:crypto';
import { pino, type Logger } from 'pino';
import { Probot } from 'probot';
import { z } from 'zod';
import { Refusal } from '../domain/failure.ts';
import { repoName } from '../domain/problem.ts';
import type { CodeHost, Happening, Log, MissedDeliveries } from '../ports.ts';
import { createAppClient } from './app-client.ts';
import { conditional } from './conditional.ts';
import { createGitTokens } from './git-tokens.ts';
import { createHost } from './host.ts';
import { forgetful, repositoryOf, type Identities } from './identities.ts';
import { createInstallations } from './installations.ts';
import { createMissedDeliveries } from './missed-deliveries.ts';
import { missingNeeds } from './needs.ts';
import { createFetch, createOctokitClass, createTokenCache } from './octokit.ts';
import { translations } from './translate.ts';

export type GitHubSettings = {
  /** Digits. */
  appId: string;
  /** PEM, PKCS#1 or PKCS#8. */
  privateKey: string;
  webhookSecret: string;
  /** `https://api.github.com`, `https://host/api/v3`, `http://127.0.0.1:port`. */
  apiUrl: string;
  /** Where repositories are cloned from: `https://github.com`. */
  gitUrl: string;
  /** Between two writes of one installation; three times as long where people are notified. GitHub asks for 1,000. */
  writePauseMs: number;
  log: Log;
  userAgent: string;
  /** Absent: a name means whatever it means now. */
  identities?: Identities;
};

type GitHubDelivery = { id: string; event: string; body: string };

export type GitHub = {
  host: CodeHost;
  missed: MissedDeliveries;
  /** What a verified delivery says, in our words; empty when Suture does not hear that event. Throws Refusal when malformed. */
  receive: (delivery: GitHubDelivery) => Promise<Happening[]>;
  /** A finished sentence for each permission and event that the app lacks; none when all is well. */
  checkApp: () => Promise<string[]>;
  /** Breaks off calls that are under way; they throw Later. */
  close: () => Promise<void>;
};

/** Throws Refusal when a setting cannot be right. Makes no request. */
export async function createGitHub(settings: GitHubSettings): Promise<GitHub> {
  checkSettings(settings);
  const closing = new AbortController();
  const tokens = createTokenCache();
  const probot = await startProbot(settings, tokens, closing.signal);
  const app = createAppClient(probot, settings.appId);
  const identities = settings.identities ?? forgetful;
  const installations = createInstallations(app, identities);
  const gitUrl = bare(settings.gitUrl);
  const gitTokens = createGitTokens({ app, installations, gitUrl });
  const forget = (): void => {
    for (const kept of [tokens, installations, gitTokens]) kept.forget();
  };
  const host = createHost({ app, installations, gitTokens, forget, gitUrl, log: settings.log });
  const receive = hear(probot);

  /** Under the operator's name for the repository, whatever it is called now; nothing from another of that name. */
  async function ownOnes(delivery: GitHubDelivery, heard: Happening[]): Promise<Happening[]> {
    const about = await repositoryOf(identities, parse(delivery.body));
    if (about === null) return heard;
    const { repo, impostor } = about;
    if (!impostor) return heard.map((one) => ('repo' in one ? { ...one, repo } : one));
    installations.drop(repo);
    settings.log.warn(
      { repository: repoName(repo) },
      'a delivery of another repository of that name is left alone',
    );
    return [];
  }

  return {
    host,
    missed: createMissedDeliveries(app),
    async receive(delivery) {
      const happenings = await ownOnes(delivery, await receive(delivery));
      if (happenings.some(({ kind }) => kind === 'installation-changed')) forget();
      return happenings;
    },
    async checkApp() {
      const self = await app.read();
      return missingNeeds(self, `in the settings of the GitHub App ${self.url}`);
    },
    async close() {
      closing.abort(new Error('Suture is stopping'));
    },
  };
}

/** An empty secret would make Probot verify against the word `development` (reference github.md, 1.4). */
function checkSettings({ appId, privateKey, webhookSecret }: GitHubSettings): void {
  if (!/^\d+$/.test(appId))
    throw new Refusal("APP_ID must be the GitHub App's number: copy it from its settings.");
  if (webhookSecret === '')
    throw new Refusal('WEBHOOK_SECRET is empty: set the secret that the GitHub App has.');
  try {
    createPrivateKey(privateKey);
  } catch {
    throw new Refusal('PRIVATE_KEY is not a private key in PEM form: paste the whole file that GitHub gave.');
  }
}

function startProbot(
  settings: GitHubSettings,
  tokens: ReturnType<typeof createTokenCache>,
  closing: AbortSignal,
): Promise<Probot> {
  const { appId, privateKey, webhookSecret, apiUrl, writePauseMs, userAgent } = settings;
  const log = probotLog(settings.log);
  return new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl: bare(apiUrl),
    log,
    Octokit: createOctokitClass({ writePauseMs, userAgent, tokens }),
    request: { fetch: conditional(createFetch(closing)), log },
  }).ready();
}

/** Only the words of a warning: Probot attaches whole payloads to its errors (reference github.md, 1.6). */
function probotLog(log: Log): Logger {
  const line = z.object({ msg: z.string().optional() });
  const write = (text: string): void => {
    const { msg } = line.parse(JSON.parse(text));
    log.warn({ from: 'probot', said: msg ?? null }, 'Probot warned');
  };
  return pino({ level: 'warn' }, { write });
}

/** Handlers write into the list of the delivery they run for; deliveries may overlap. */
function hear(probot: Probot): (delivery: GitHubDelivery) => Promise<Happening[]> {
  const heard = new AsyncLocalStorage<Happening[]>();
  const events = Object.keys(translations) as (keyof typeof translations)[];
  for (const event of events) {
    probot.on(event, ({ payload }) => {
      const happening = translations[event](payload);
      if (happening !== null) heard.getStore()?.push(happening);
    });
  }
  const names = new Set<string>(events.map((event) => event.split('.')[0] ?? event));

  return async ({ id, event, body }) => {
    const payload = parse(body);
    if (!names.has(event)) return [];
    const happenings: Happening[] = [];
    const delivery = { id, name: event, payload } as Parameters<Probot['receive']>[0];
    await heard.run(happenings, () => probot.receive(delivery)).catch(rethrow);
    return happenings;
  };
}

function parse(body: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body));
  } catch {
    throw new Refusal('A delivery of GitHub is not a JSON object: it was dropped.');
  }
}

/** Probot gathers errors and hangs the payload on them: only our sentence goes on. */
function rethrow(error: unknown): never {
  const causes: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const refusal = causes.find((cause) => cause instanceof Refusal);
  throw refusal === undefined ? error : new Refusal(refusal.message);
}

function bare(url: string): string {
  return url.replace(/\/+$/, '');
}

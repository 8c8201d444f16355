// People tick while the bot rewrites, from outdated tabs, with webhooks late, lost, doubled and out of order:
// every permitted tick is acted on once, no other ever is, and the body comes to rest.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub, type GitHub } from '../../src/github/app.ts';
import { needs } from '../../src/github/needs.ts';
import { createSigner } from '../../src/github/signer.ts';
import { readTickedBoxes } from '../../src/jobs/read-ticks.ts';
import { receiveDelivery } from '../../src/jobs/receive-delivery.ts';
import { refresh } from '../../src/jobs/refresh.ts';
import { stageOf } from '../../src/domain/stage.ts';
import type { Binding, Problem } from '../../src/domain/problem.ts';
import { readTicks } from '../../src/domain/triage/ticks.ts';
import type { CodeHost, Job } from '../../src/ports.ts';
import { quietLog } from '../rooms/store-world.ts';
import { startGitHub, type GitHubWorld } from '../world/github/start.ts';
import { createMemoryStore, type MemoryStore } from '../world/memory-store.ts';

const secret = 'the-apps-webhook-secret';
const place = { owner: 'acme', repo: 'shop' };
const signer = createSigner(secret);
const rounds = 50;
const stepsPerRound = 40;

let now = Date.UTC(2026, 10, 23, 9);
let world: GitHubWorld;
let github: GitHub;
let rewrites = 0;

beforeAll(async () => {
  world = await startGitHub({ now: () => now });
  await world.addRepository({ owner: 'acme', name: 'shop' });
  for (const [login, role] of [
    ['mia', 'write'],
    ['max', 'admin'],
    ['tom', 'triage'],
  ] as const) {
    world.addUser(login);
    world.setRole('acme/shop', login, role);
  }
  const app = world.addApp({
    slug: 'suture',
    permissions: Object.fromEntries(needs.map(({ permission, level }) => [permission, level])),
    events: needs.flatMap(({ events }) => [...events]),
    webhookSecret: secret,
    webhookUrl: 'http://127.0.0.1:9/never',
  });
  world.install('suture', 'acme', ['shop']);
  world.deliveries.hold();
  github = await createGitHub({
    appId: String(app.appId),
    privateKey: app.privateKey,
    webhookSecret: secret,
    apiUrl: world.url,
    gitUrl: world.url,
    writePauseMs: 0,
    log: quietLog,
    userAgent: 'suture/test',
  });
});
afterAll(async () => {
  await github.close();
  await world.close();
});

/** Numbers from 0 to below 1 that a seed decides. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function problem(id: string, count: number): Problem {
  return {
    id,
    shortId: `SHOP-${id}`,
    title: `TypeError number ${id}`,
    culprit: null,
    level: 'error',
    status: 'unresolved',
    substatus: null,
    count,
    userCount: 1,
    firstSeen: now,
    lastSeen: now,
    platform: 'node',
    category: 'error',
    unhandled: true,
    exception: { type: 'TypeError', value: null },
    daily: [],
    releases: null,
    permalink: `https://sentry.example/issues/${id}/`,
    projectId: '1',
  };
}

type Delivery = { guid: string; event: string; payload: string };

class Round {
  readonly binding: Binding;
  readonly store: MemoryStore = createMemoryStore();
  /** Who ticked what and may; taken back when they empty it again. */
  readonly wanted = new Map<string, Set<string>>();
  readonly random: () => number;
  private readonly tabs: { login: string; body: string }[] = [];
  private readonly mail: Delivery[] = [];
  private seenDeliveries = world.deliveries.all().length;
  private number = 0;
  /** Whether people act by themselves. */
  acting = false;

  constructor(seed: number) {
    this.random = randomOf(seed);
    this.binding = {
      id: `acme/p${seed}=acme/shop`,
      source: { org: 'acme', project: `p${seed}` },
      repo: { owner: 'acme', name: 'shop' },
    };
  }

  get ports() {
    return {
      host: this.host(),
      store: this.store,
      clock: { now: () => now },
      signer,
      bindings: [this.binding],
      log: quietLog,
      deliveries: {
        read: ({ event, delivery, body }: { event: string; delivery: string; body: string }) =>
          github.receive({ id: delivery, event, body }),
      },
    };
  }

  /** People act between the bot's reading and its writing. */
  private host(): CodeHost {
    return {
      ...github.host,
      updateIssue: async (...call) => {
        while (this.random() < 0.4) await this.person();
        rewrites += 1;
        const written = await github.host.updateIssue(...call);
        while (this.random() < 0.2) await this.person();
        return written;
      },
    };
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }

  async start(): Promise<void> {
    await this.store.saveProblems(
      this.binding.id,
      ['1', '2', '3', '4'].map((id) => problem(id, 10 + Number(id))),
      now,
    );
    await this.store.saveBindingState({
      bindingId: this.binding.id,
      paused: null,
      projectId: null,
      checkedAt: now,
      listedAt: now,
    });
    await refresh(this.ports, { bindingId: this.binding.id });
    this.number = (await this.store.readIssue(this.binding.id))?.number ?? 0;
    this.acting = true;
  }

  async body(): Promise<string> {
    const { data } = await world.as('max').rest.issues.get({ ...place, issue_number: this.number });
    return data.body ?? '';
  }

  /** Opens a tab, or sends what an open one shows with one more box ticked. */
  async person(): Promise<void> {
    if (!this.acting) return;
    now += Math.floor(this.random() * 2_500);
    if (this.tabs.length === 0 || this.random() < 0.4) {
      this.tabs.push({ login: this.pick(['mia', 'max', 'tom']), body: await this.body() });
      return;
    }
    const [tab] = this.tabs.splice(Math.floor(this.random() * this.tabs.length), 1);
    const empty = tab?.body.match(/^- \[ \] \*\*SHOP-\d\*\*/gm) ?? [];
    if (!tab || empty.length === 0) return;
    const line = this.pick(empty);
    await this.send(tab.login, tab.body.replace(line, line.replace('[ ]', '[x]')));
  }

  /** Ticks, or empties, a box of the body as it is now. */
  async tick(login: string, shortId: string, ticked = true): Promise<void> {
    const [from, to] = ticked ? ['[ ]', '[x]'] : ['[x]', '[ ]'];
    await this.send(login, (await this.body()).replace(`- ${from} **${shortId}**`, `- ${to} **${shortId}**`));
  }

  /** Sends a whole body, as browsers do, and notes what it truly did. */
  private async send(login: string, after: string): Promise<void> {
    const before = await this.body();
    const { ticked, unticked } = readTicks(signer, this.binding.id, { before, after });
    await world.as(login).rest.issues.update({ ...place, issue_number: this.number, body: after });
    if (login === 'tom') return;
    for (const { subject } of ticked)
      this.wanted.set(subject, (this.wanted.get(subject) ?? new Set()).add(login));
    for (const { subject } of unticked) this.wanted.delete(subject);
  }

  private collect(): void {
    const all = world.deliveries.all();
    this.mail.push(
      ...all.slice(this.seenDeliveries).map(({ guid, event, payload }) => ({ guid, event, payload })),
    );
    this.seenDeliveries = all.length;
  }

  /** One webhook: late, lost or twice, in any order. */
  async deliver(): Promise<void> {
    this.collect();
    const [letter] = this.mail.splice(Math.floor(this.random() * this.mail.length), 1);
    const fate = this.random();
    if (!letter || fate < 0.35) return;
    await this.hear(letter);
    if (fate > 0.85) await this.hear(letter);
  }

  loseMail(): void {
    this.collect();
    this.mail.length = 0;
  }

  /** Every webhook arrives, once and in order or backwards, and what follows is done. */
  async readMail(order: 'sent' | 'backwards' = 'sent'): Promise<void> {
    this.collect();
    const letters = this.mail.splice(0);
    for (const letter of order === 'sent' ? letters : letters.toReversed()) {
      await this.hear(letter);
      await this.work();
    }
    for (let turn = 0; turn < 3; turn += 1) await this.work();
  }

  private async hear({ guid, event, payload }: Delivery): Promise<void> {
    await receiveDelivery(this.ports, { from: 'github', event, delivery: guid, body: payload });
  }

  async work(): Promise<void> {
    for (const job of this.store.takeJobs()) await this.run(job);
  }

  private async run(job: Job): Promise<void> {
    if (job.name === 'refresh') await refresh(this.ports, job.data);
    if (job.name === 'read-ticks') await readTickedBoxes(this.ports, job.data);
  }

  async step(): Promise<void> {
    const kind = this.random();
    now += Math.floor(this.random() * 1_500);
    if (kind < 0.4) return this.person();
    if (kind < 0.6) return this.deliver();
    if (kind < 0.8) return this.work();
    const id = this.pick(['1', '2', '3', '4']);
    await this.store.saveProblems(this.binding.id, [problem(id, Math.ceil(this.random() * 500))], now);
    await refresh(this.ports, { bindingId: this.binding.id });
  }

  /** Nobody acts any more; what is on its way may still be lost; the timer turns a few times. */
  async rest(): Promise<void> {
    this.acting = false;
    this.collect();
    while (this.mail.length > 0) await this.deliver();
    for (let turn = 0; turn < 4; turn += 1) {
      now += 6_000;
      await refresh(this.ports, { bindingId: this.binding.id });
      await this.work();
    }
  }

  async verdict(): Promise<unknown> {
    const fixes = await this.store.readFixes(this.binding.id);
    const body = await this.body();
    return {
      approved: fixes.map((fix) => fix.problemId).toSorted(),
      wrongly: fixes.filter((fix) => !this.wanted.get(fix.problemId)?.has(fix.facts.approval.by)),
      standing: [...body.matchAll(/^- \[x\] \*\*SHOP-(\d)\*\*(?! · queued)/gm)].map((match) => match[1]),
    };
  }
}

describe('a tick that nobody can be named for', () => {
  it('waits, says why, and counts once it is made again where the host can tell', async () => {
    const round = new Round(9_999);
    await round.start();
    round.acting = false;
    const blind = { ...round.ports, host: { ...github.host, readBodyVersions: async () => null } };
    await round.tick('mia', 'SHOP-4');
    for (let turn = 0; turn < 3; turn += 1) {
      now += 6_000;
      await refresh(blind, { bindingId: round.binding.id });
    }
    expect(await round.body()).toMatch(/^- \[x\] \*\*SHOP-4\*\* .*GitHub does not tell me by whom/m);
    expect(await round.verdict()).toMatchObject({ approved: [] });
    round.loseMail();
    await round.tick('mia', 'SHOP-4', false);
    await round.readMail();
    expect(await round.body()).not.toContain('GitHub does not tell me');
    await round.tick('mia', 'SHOP-4');
    await round.readMail();
    expect(await round.verdict()).toEqual({ approved: ['4'], wrongly: [], standing: [] });
  });
});

describe('an emptying whose webhook comes after that of the next tick', () => {
  it.each([
    ['mia', 'approved'],
    ['tom', 'withdrawn'],
  ])('counts unless the box was ticked again by somebody who may: %s, so %s', async (login, stage) => {
    const round = new Round(login === 'mia' ? 9_001 : 9_002);
    await round.start();
    round.acting = false;
    await round.tick('mia', 'SHOP-4');
    await round.readMail();
    now += 60_000;
    await round.tick('mia', 'SHOP-4', false);
    await round.tick(login, 'SHOP-4');
    await round.readMail('backwards');
    const fixes = await round.store.readFixes(round.binding.id);
    expect(fixes.map((fix) => stageOf(fix.facts))).toEqual([stage]);
  });
});

describe('ticks and rewriting at the same time', () => {
  it(`${rounds * stepsPerRound} random steps lose no tick, double none and invent none`, async () => {
    for (let seed = 1; seed <= rounds; seed += 1) {
      const round = new Round(seed);
      await round.start();
      for (let step = 0; step < stepsPerRound; step += 1) await round.step();
      await round.rest();
      const expected = [...round.wanted.keys()].toSorted();
      expect([seed, await round.verdict()]).toEqual([
        seed,
        { approved: expected, wrongly: [], standing: [] },
      ]);
      await world.as('max').rest.issues.update({
        ...place,
        issue_number: (await round.store.readIssue(round.binding.id))?.number ?? 0,
        state: 'closed',
      });
    }
    expect(rewrites).toBeGreaterThan(rounds);
  }, 300_000);
});

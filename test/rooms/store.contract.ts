// Every promise of `Rows`, `Store` and `Queue` (ports.ts), for any implementation of them.
// It must not know how one is built: it opens what it is given, twice when two connections are the point.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bug, Later, Refusal } from '../../src/domain/failure.ts';
import type { Finding } from '../../src/domain/triage/finding.ts';
import type { Fix } from '../../src/domain/fix.ts';
import { defaultSettings } from '../../src/domain/settings.ts';
import type { JobHandlers, JobName, JobRun, Queue, Store } from '../../src/ports.ts';
import { ledgerPromises, rootPromises } from './store-claims.contract.ts';
import { someFix, someProblem } from './store-samples.ts';

export type ContractStore = Store &
  Queue & {
    work(handlers: JobHandlers, options?: { pollMs?: number }): Promise<void>;
    close(): Promise<void>;
  };

export type ContractWorld = {
  /** A store on this test's own database; several calls see the same rows (the same store again when it is alone). */
  open(): Promise<ContractStore>;
  end(): Promise<void>;
};

export type Heard = { name: JobName; data: unknown; run: JobRun };

const hostile = 'NUL \u0000, lone \ud800 and \udfff, quote \' " \\, emoji 🧵, <!-- -->';

const ended = (fix: Fix): Fix => ({
  ...fix,
  facts: { ...fix.facts, ending: { kind: 'failed', reason: 'The tests failed.', at: 2 } },
});

const note =
  (text: string) =>
  (fix: Fix): Fix => ({ ...fix, facts: { ...fix.facts, diagnosis: [...fix.facts.diagnosis, text] } });

/** Handlers that note every run and then do what `act` says for it. */
export function listening(act: (heard: Heard) => Promise<void> | void = () => undefined): {
  heard: Heard[];
  handlers: JobHandlers;
} {
  const heard: Heard[] = [];
  const handler =
    (name: JobName) =>
    async (data: unknown, run: JobRun): Promise<void> => {
      heard.push({ name, data, run });
      await act({ name, data, run });
    };
  const handlers: JobHandlers = {
    'receive-delivery': handler('receive-delivery'),
    fetch: handler('fetch'),
    'fetch-problem': handler('fetch-problem'),
    refresh: handler('refresh'),
    'read-ticks': handler('read-ticks'),
    'read-comment': handler('read-comment'),
    'read-confirmation': handler('read-confirmation'),
    inspect: handler('inspect'),
    archive: handler('archive'),
    'read-review': handler('read-review'),
    rework: handler('rework'),
    fix: handler('fix'),
    settle: handler('settle'),
    watch: handler('watch'),
    'sum-up': handler('sum-up'),
    reconcile: handler('reconcile'),
    redeliver: handler('redeliver'),
  };
  return { heard, handlers };
}

/** A gate that a job waits at until the test opens it. */
export function gate(): { wait: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: promise, open: resolve };
}

const patient = { timeout: 20_000, interval: 10 };
const names = (heard: readonly Heard[]): unknown[] => heard.map(({ data }) => data);

/** Runs the whole suite on one implementation. */
export function storeContract(name: string, makeWorld: () => Promise<ContractWorld>): void {
  describe(`${name}: store contract`, () => {
    let world: ContractWorld;
    let store: ContractStore;
    beforeEach(async () => {
      world = await makeWorld();
      store = await world.open();
    });
    afterEach(async () => {
      await world.end();
    });
    const context = { store: () => store, another: () => world.open() };
    rowPromises(context);
    fixPromises(context);
    rootPromises(context);
    ledgerPromises(context);
    transactionPromises(context);
    sendPromises(context);
    keyPromises(context);
    groupPromises(context);
    endingPromises(context);
  });
}

type Context = { store: () => ContractStore; another: () => Promise<ContractStore> };

function rowPromises({ store }: Context): void {
  it('keeps problems per binding, replaces by id, removes by id', async () => {
    await store().saveProblems('b1', [someProblem('1'), someProblem('2')], 10);
    await store().saveProblems('b2', [someProblem('1', { title: 'of b2' })], 11);
    await store().saveProblems('b1', [someProblem('2', { count: 99 }), someProblem('2', { count: 100 })], 12);
    expect(await store().readProblems('b1')).toEqual([
      { problem: someProblem('1'), readAt: 10 },
      { problem: someProblem('2', { count: 100 }), readAt: 12 },
    ]);
    await store().removeProblems('b1', ['1', 'unknown']);
    expect((await store().readProblems('b1')).map(({ problem }) => problem.id)).toEqual(['2']);
    expect(await store().readProblems('b2')).toHaveLength(1);
    await store().saveProblems('b1', [], 13);
    await store().removeProblems('b1', []);
    expect(await store().readProblems('b1')).toHaveLength(1);
  });

  it('gives hostile text back as it came, in values and in keys', async () => {
    const problem = someProblem(hostile, { title: hostile, exception: { type: hostile, value: hostile } });
    await store().saveProblems(hostile, [problem], 1);
    expect(await store().readProblems(hostile)).toEqual([{ problem, readAt: 1 }]);
    expect(
      await store().createFix(someFix(hostile, { bindingId: hostile, problemId: hostile, title: hostile })),
    ).toBe(true);
    expect((await store().readFix(hostile))?.title).toBe(hostile);
    expect(await store().claim(hostile, 1)).toBe(true);
    expect(await store().claim(hostile, 1)).toBe(false);
    expect(await store().claim(hostile.replace('\u0000', ''), 1)).toBe(true);
  });

  it('keeps one triage issue per binding and finds it by its place', async () => {
    const issue = {
      bindingId: 'b1',
      number: 7,
      url: 'https://github.test/Acme/Shop/issues/7',
      body: hostile,
      untick: ['tick 3'],
      shown: ['3', '4'],
      unheard: [{ box: 'tick 4', since: 5, asked: false }],
      versionsReadTo: 4,
      asking: [{ issue: 7, comment: 70, since: 3 }],
      writtenAt: 5,
    };
    expect(await store().readIssue('b1')).toBeNull();
    await store().updateIssue('b1', () => ({ ...issue, body: 'old', number: 6 }));
    await store().updateIssue('b1', (known) => (known ? { ...issue, body: issue.body } : null));
    await store().updateIssue('b1', () => null);
    expect(await store().readIssue('b1')).toEqual(issue);
  });

  it('remembers which repository a name meant first, whatever its letters', async () => {
    expect(await store().readIdentity('acme/known')).toBeNull();
    await store().keepIdentity('acme/Known', 7);
    await store().keepIdentity('acme/known', 8);
    expect(await store().readIdentity('Acme/known')).toBe(7);
    expect(await store().readIdentity('acme/other')).toBeNull();
  });

  it('keeps what a newer version wrote beside what this one knows', async () => {
    const known = someFix('newer', { bindingId: 'b-newer' });
    const life = { ...known.facts.life, later: { a: [1] } };
    const newer = { ...known, later: 'kept', facts: { ...known.facts, later: 'kept', life } };
    await store().createFix(newer);
    await store().updateFix('newer', (fix) => ({
      ...fix,
      facts: { ...fix.facts, cleanedUp: true, life: { ...fix.facts.life, retries: 3 } },
    }));
    const expected = { ...newer, facts: { ...newer.facts, cleanedUp: true, life: { ...life, retries: 3 } } };
    expect(await store().readFix('newer')).toEqual(expected);
    expect(await store().readFixes('b-newer')).toEqual([expected]);
    const member = { fixId: '1', shortId: 'A', paths: [], at: 1, end: null, later: 1 };
    const run = { id: 'r', bindingId: 'b', by: 'ada', startedAt: 1, members: [member], later: 2 };
    await store().updateLedger('acme/newer', () => [run]);
    await store().updateLedger('acme/newer', (runs) => runs.map((one) => ({ ...one, by: 'bob' })));
    expect(await store().readLedger('acme/newer')).toEqual([{ ...run, by: 'bob' }]);
    const state = {
      bindingId: 'b-newer',
      paused: null,
      projectId: null,
      checkedAt: 1,
      listedAt: null,
      later: 1,
    };
    await store().saveBindingState(state);
    expect(await store().readBindingState('b-newer')).toEqual(state);
  });

  it('loses no change of a triage issue when several are made at once', async () => {
    const blank = {
      bindingId: 'b2',
      number: 1,
      url: 'https://github.test/a/b/issues/1',
      body: '',
      shown: [],
      unheard: [],
      versionsReadTo: 0,
      asking: [],
      writtenAt: 1,
    };
    const names = Array.from({ length: 8 }, (_, index) => String(index));
    const add = (name: string) =>
      store().updateIssue('b2', (known) => ({ ...blank, untick: [...(known?.untick ?? []), name] }));
    await Promise.all(names.map(add));
    expect((await store().readIssue('b2'))?.untick.toSorted()).toEqual(names);
  });

  it('keeps findings, skips and settings of a binding, each once', async () => {
    const finding: Finding = {
      problemId: '7',
      eventId: 'e1',
      head: 'a'.repeat(40),
      at: 1,
      seenAt: null,
      place: { path: hostile, line: 3, function: null, permalink: null },
      matches: null,
      stack: [hostile],
      releases: { first: null, last: '1.4.3' },
      author: { commit: 'b'.repeat(40), name: hostile, at: 2 },
      outlook: 'fixable',
      remark: null,
    };
    await store().saveFinding('b1', { ...finding, head: 'older' });
    await store().saveFinding('b1', finding);
    await store().saveFinding('b2', { ...finding, problemId: '8' });
    expect(await store().readFindings('b1')).toEqual([finding]);
    await store().saveSkip('b1', { problemId: '7', by: 'ada', at: 1 });
    await store().saveSkip('b1', { problemId: '9', by: 'ada', at: 1 });
    await store().removeSkip('b1', '7');
    await store().removeSkip('b1', '7');
    expect(await store().readSkips('b1')).toEqual([{ problemId: '9', by: 'ada', at: 1 }]);
    expect(await store().readSkips('b2')).toEqual([]);
    const settings = { bindingId: 'b1', settings: defaultSettings, mistakes: [hostile], readAt: 3 };
    expect(await store().readSettings('b1')).toBeNull();
    await store().saveSettings({ ...settings, mistakes: [] });
    await store().saveSettings(settings);
    expect(await store().readSettings('b1')).toEqual(settings);
  });

  it('keeps the state of a binding', async () => {
    const state = {
      bindingId: 'b1',
      paused: 'The token is not valid.',
      projectId: null,
      checkedAt: 3,
      listedAt: 2,
    };
    expect(await store().readBindingState('b1')).toBeNull();
    await store().saveBindingState({ ...state, paused: null });
    await store().saveBindingState(state);
    expect(await store().readBindingState('b1')).toEqual(state);
  });

  it('lets a key be claimed once, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => store().claim('tick 1', 1)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await store().claim('tick 1', 2)).toBe(false);
    expect(await store().claim('tick 2', 2)).toBe(true);
  });
}

function fixPromises({ store, another }: Context): void {
  it('refuses a second live fix of the same problem, and only that', async () => {
    expect(await store().createFix(someFix('f1'))).toBe(true);
    expect(await store().createFix(someFix('f2', { attempt: 2 }))).toBe(false);
    expect(await store().readFix('f2')).toBeNull();
    expect(await store().createFix(someFix('f3', { problemId: '8' }))).toBe(true);
    expect(await store().createFix(someFix('f4', { bindingId: 'b2' }))).toBe(true);
    await store().updateFix('f1', ended);
    expect(await store().createFix(someFix('f5', { attempt: 2 }))).toBe(true);
    expect((await store().readFixes('b1')).map((fix) => fix.id)).toEqual(['f1', 'f3', 'f5']);
  });

  it('refuses it when two connections race', async () => {
    const other = await another();
    const tries = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? store() : other).createFix(someFix(`race-${index}`)),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect(await store().readFixes('b1')).toHaveLength(1);
  });

  it('loses no fact when two jobs update one fix', async () => {
    const other = await another();
    await store().createFix(someFix('f1'));
    const wanted = Array.from({ length: 10 }, (_, index) => `note ${index}`);
    await Promise.all(
      wanted.map((text, index) => (index % 2 === 0 ? store() : other).updateFix('f1', note(text))),
    );
    expect((await store().readFix('f1'))?.facts.diagnosis.toSorted()).toEqual(wanted);
  });

  it('answers null for a fix that is gone, and writes nothing when the change throws', async () => {
    expect(await store().updateFix('nobody', ended)).toBeNull();
    expect(await store().readFix('nobody')).toBeNull();
    await store().createFix(someFix('f1'));
    await expect(
      store().updateFix('f1', () => {
        throw new Refusal('no');
      }),
    ).rejects.toThrow('no');
    expect(await store().readFix('f1')).toEqual(someFix('f1'));
  });

  it('does not let a fix that came to life again displace a newer one', async () => {
    await store().createFix(someFix('f1'));
    await store().updateFix('f1', ended);
    await store().createFix(someFix('f2', { attempt: 2 }));
    expect(await store().updateFix('f1', () => someFix('f1'))).toEqual(someFix('f1'));
    expect(await store().createFix(someFix('f3', { attempt: 3 }))).toBe(false);
    await store().updateFix('f2', ended);
    expect((await store().readFix('f2'))?.facts.ending?.kind).toBe('failed');
  });
}

function transactionPromises({ store }: Context): void {
  it('commits rows and jobs together', async () => {
    const { heard, handlers } = listening();
    await store().work(handlers, { pollMs: 50 });
    const result = await store().transaction(async (rows) => {
      await rows.createFix(someFix('f1'));
      expect((await rows.readFix('f1'))?.id).toBe('f1');
      await rows.updateFix('f1', ended);
      await rows.send([{ name: 'fix', data: { fixId: 'f1' }, key: 'f1' }]);
      return 'given back';
    });
    expect(result).toBe('given back');
    await expect.poll(() => names(heard), patient).toEqual([{ fixId: 'f1' }]);
    expect((await store().readFix('f1'))?.facts.ending?.kind).toBe('failed');
  });

  it('takes rows and jobs back together', async () => {
    const { heard, handlers } = listening();
    const broken = store().transaction(async (rows) => {
      await rows.createFix(someFix('f1'));
      await rows.claim('tick', 1);
      await rows.send([{ name: 'fix', data: { fixId: 'f1' }, key: 'f1' }]);
      await rows.send([{ name: 'settle', data: { fixId: 'f1' }, id: 'delivery' }]);
      throw new Bug('half way');
    });
    await expect(broken).rejects.toThrow('half way');
    expect(await store().readFix('f1')).toBeNull();
    expect(await store().claim('tick', 1)).toBe(true);
    await store().work(handlers, { pollMs: 50 });
    await store().send([{ name: 'settle', data: { fixId: 'after' }, id: 'delivery' }]);
    await expect.poll(() => names(heard), patient).toEqual([{ fixId: 'after' }]);
  });

  it('says so instead of waiting for ever when the store is used inside its own transaction', async () => {
    const wrong = [
      () => store().readFix('f1'),
      () => store().updateFix('f1', ended),
      () => store().transaction(async () => null),
      () => store().send([{ name: 'fetch', data: { bindingId: 'b1' } }]),
      () => store().send([{ name: 'fetch', data: { bindingId: 'b1' }, key: 'k' }]),
    ];
    for (const use of wrong) {
      const misuse = store().transaction(async () => void (await use()));
      await expect(misuse).rejects.toThrow('Inside a transaction use the rows it was given');
    }
    expect(await store().readFix('f1')).toBeNull();
  });
}

function sendPromises({ store }: Context): void {
  it('runs every job with the data it was sent with', async () => {
    const { heard, handlers } = listening();
    await store().send([]);
    await store().send([
      { name: 'fetch', data: { bindingId: hostile } },
      {
        name: 'receive-delivery',
        data: { from: 'sentry', event: 'issue', delivery: 'd', body: hostile.repeat(500) },
      },
    ]);
    await store().work(handlers, { pollMs: 50 });
    await expect.poll(() => heard.length, patient).toBe(2);
    expect(heard.find(({ name }) => name === 'fetch')?.data).toEqual({ bindingId: hostile });
    expect(heard.find(({ name }) => name === 'receive-delivery')?.data).toMatchObject({
      body: hostile.repeat(500),
    });
    expect(heard.map(({ run }) => run)).toMatchObject([
      { attempt: 1, lastAttempt: false },
      { attempt: 1, lastAttempt: false },
    ]);
  });

  it('takes the same id once: at once, later, and after it ran; ids of other names are other ids', async () => {
    const { heard, handlers } = listening();
    const job = { name: 'fetch', data: { bindingId: 'b1' }, id: `delivery ${hostile}` } as const;
    await Promise.all([store().send([job, job]), store().send([job]), store().send([job])]);
    await store().work(handlers, { pollMs: 50 });
    await expect.poll(() => heard.length, patient).toBe(1);
    await store().send([job]);
    await store().send([{ ...job, key: 'k' }]);
    await store().send([{ name: 'refresh', data: { bindingId: 'last' }, id: job.id }]);
    await expect.poll(() => heard.length, patient).toBe(2);
    expect(heard.map(({ name }) => name)).toEqual(['fetch', 'refresh']);
  });

  it('starts a delayed job later than one sent after it', async () => {
    const { heard, handlers } = listening();
    await store().work(handlers, { pollMs: 20 });
    const sent = performance.now();
    await store().send([{ name: 'settle', data: { fixId: 'late' }, afterMs: 700 }]);
    await store().send([{ name: 'settle', data: { fixId: 'soon' } }]);
    await expect.poll(() => names(heard), patient).toEqual([{ fixId: 'soon' }, { fixId: 'late' }]);
    expect(performance.now() - sent).toBeGreaterThanOrEqual(690);
  });

  it('stores a thousand jobs sent at once, each once', async () => {
    const { heard, handlers } = listening();
    const all = Array.from({ length: 1000 }, (_, index) => String(index));
    const sends = all.map((id) =>
      store().send([
        { name: 'receive-delivery', data: { from: 'github', event: 'push', delivery: id, body: '{}' }, id },
      ]),
    );
    await Promise.all(sends);
    await store().work(handlers, { pollMs: 50 });
    await expect.poll(() => heard.length, patient).toBe(1000);
    expect(new Set(heard.map(({ data }) => JSON.stringify(data))).size).toBe(1000);
  });
}

function keyPromises({ store }: Context): void {
  it('lets one job of a key wait, and runs a job sent while another runs after it', async () => {
    const first = gate();
    const running: string[] = [];
    const { heard, handlers } = listening(async ({ data }) => {
      running.push(`start ${JSON.stringify(data)}`);
      if (heard.length === 1) await first.wait;
      running.push(`end ${JSON.stringify(data)}`);
    });
    await store().work(handlers, { pollMs: 50 });
    await store().send([{ name: 'settle', data: { fixId: 'a' }, key: 'f' }]);
    await expect.poll(() => heard.length, patient).toBe(1);
    await store().send([{ name: 'settle', data: { fixId: 'b' }, key: 'f' }]);
    await store().send([{ name: 'settle', data: { fixId: 'c' }, key: 'f' }]);
    await store().send([{ name: 'settle', data: { fixId: 'other' }, key: 'g' }]);
    await expect.poll(() => heard.length, patient).toBe(2);
    expect(names(heard)).toEqual([{ fixId: 'a' }, { fixId: 'other' }]);
    first.open();
    await expect.poll(() => heard.length, patient).toBe(3);
    expect(running).toEqual([
      'start {"fixId":"a"}',
      'start {"fixId":"other"}',
      'end {"fixId":"other"}',
      'end {"fixId":"a"}',
      'start {"fixId":"b"}',
      'end {"fixId":"b"}',
    ]);
  });

  it('keeps one waiting job when many are sent at once, and jobs without a key apart', async () => {
    const { heard, handlers } = listening();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store().send([
          { name: 'settle', data: { fixId: 'keyed' }, key: 'f' },
          { name: 'settle', data: { fixId: String(index) } },
        ]),
      ),
    );
    await store().work(handlers, { pollMs: 50 });
    await expect.poll(() => heard.length, patient).toBe(11);
    await store().send([{ name: 'fetch', data: { bindingId: 'last' } }]);
    await expect.poll(() => heard.at(-1)?.name, patient).toBe('fetch');
    expect(names(heard).filter((data) => JSON.stringify(data).includes('keyed'))).toHaveLength(1);
  });

  it('brings a delayed waiting job forward when the same key is wanted sooner, never back', async () => {
    const { heard, handlers } = listening();
    await store().work(handlers, { pollMs: 20 });
    await store().send([{ name: 'settle', data: { fixId: 'once' }, key: 'f', afterMs: 3_600_000 }]);
    await store().send([{ name: 'settle', data: { fixId: 'once' }, key: 'f' }]);
    await expect.poll(() => names(heard), patient).toEqual([{ fixId: 'once' }]);
  });
}

function groupPromises({ store, another }: Context): void {
  it('runs jobs of one group one after the other, across connections, and groups side by side', async () => {
    let now = 0;
    let most = 0;
    const groups = { a: gate(), b: gate() };
    const { heard, handlers } = listening(async ({ data }) => {
      now += 1;
      most = Math.max(most, now);
      if (JSON.stringify(data).includes('gate-a')) {
        groups.a.open();
        await groups.b.wait;
      }
      if (JSON.stringify(data).includes('gate-b')) groups.b.open();
      now -= 1;
    });
    // Both gates open only when a job of each group runs at the same time.
    const other = await another();
    await store().send([
      { name: 'fetch-problem', data: { bindingId: 'x', problemId: 'gate-a' }, group: 'a' },
      { name: 'fetch-problem', data: { bindingId: 'x', problemId: 'gate-b' }, group: 'b' },
    ]);
    await store().work(handlers, { pollMs: 20 });
    if (other !== store()) await other.work(handlers, { pollMs: 20 });
    await expect.poll(() => heard.length, patient).toBe(2);
    await expect.poll(() => now, patient).toBe(0);
    most = 0;
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? store() : other).send([
          { name: 'fetch-problem', data: { bindingId: 'x', problemId: String(index) }, group: hostile },
        ]),
      ),
    );
    await expect.poll(() => heard.length, patient).toBe(14);
    expect(most).toBe(1);
  });
}

function endingPromises({ store }: Context): void {
  it('completes a job that was refused and does not run it again', async () => {
    const { heard, handlers } = listening(({ name }) => {
      if (name === 'fetch') throw new Refusal('The app is not installed there.');
    });
    await store().work(handlers, { pollMs: 20 });
    await store().send([{ name: 'fetch', data: { bindingId: 'b' }, key: 'b' }]);
    await expect.poll(() => heard.length, patient).toBe(1);
    await store().send([{ name: 'refresh', data: { bindingId: 'b' } }]);
    await expect.poll(() => heard.map(({ name }) => name), patient).toEqual(['fetch', 'refresh']);
  });

  it('tries a job again after Later as often as it says so, without counting it as a failure', async () => {
    const { heard, handlers } = listening(() => {
      if (heard.length < 10) throw new Later('GitHub asks to wait.', 20);
    });
    await store().work(handlers, { pollMs: 20 });
    await store().send([{ name: 'fix', data: { fixId: 'f' }, key: 'f', group: 'g', id: 'i' }]);
    await expect.poll(() => heard.length, patient).toBe(10);
    expect(new Set(heard.map(({ run }) => run.attempt))).toEqual(new Set([1]));
    expect(heard.every(({ run }) => !run.lastAttempt)).toBe(true);
    await store().send([{ name: 'fix', data: { fixId: 'f' }, key: 'f', group: 'g', id: 'i' }]);
    await store().send([{ name: 'fetch', data: { bindingId: 'last' } }]);
    await expect.poll(() => heard.at(-1)?.name, patient).toBe('fetch');
    expect(heard).toHaveLength(11);
  });

  it('keeps the word of a Later: the same key does not bring it forward, and does not wait beside it', async () => {
    const { heard, handlers } = listening(() => {
      if (heard.length === 1) throw new Later('Wait.', 900);
    });
    await store().work(handlers, { pollMs: 20 });
    const sent = performance.now();
    await store().send([{ name: 'settle', data: { fixId: 'f' }, key: 'f', group: 'g' }]);
    await expect.poll(() => heard.length, patient).toBe(1);
    // One of the same group starts only when the first has become a waiting job again.
    await store().send([{ name: 'settle', data: { fixId: 'next' }, group: 'g' }]);
    await expect.poll(() => heard.length, patient).toBe(2);
    await store().send([{ name: 'settle', data: { fixId: 'f' }, key: 'f', group: 'g' }]);
    await expect.poll(() => heard.length, patient).toBe(3);
    expect(performance.now() - sent).toBeGreaterThanOrEqual(890);
    expect(names(heard)).toEqual([{ fixId: 'f' }, { fixId: 'next' }, { fixId: 'f' }]);
  });

  it('tries a failing job again and counts: attempt 1, then 2', async () => {
    const { heard, handlers } = listening(({ run }) => {
      if (run.attempt === 1) throw new Bug('An answer nobody understands.');
    });
    await store().work(handlers, { pollMs: 20 });
    await store().send([{ name: 'read-ticks', data: ticks, id: 'one' }]);
    await expect.poll(() => heard.map(({ run }) => run.attempt), patient).toEqual([1, 2]);
    expect(heard[1]?.data).toEqual(ticks);
  });
}

const ticks = {
  repo: { owner: 'acme', name: 'shop' },
  issue: 7,
  editor: { login: 'ada', kind: 'human' },
  bodyBefore: '- [ ] a',
  bodyAfter: '- [x] a',
  at: 1,
} as const;

// What the store does around its promises: opening, migrating, giving up, closing, and what it writes into the log.

import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Bug, Later } from '../../src/domain/failure.ts';
import type { Database } from '../../src/store/database.ts';
import { openFolder } from '../../src/store/folder.ts';
import { keyText, pack, stableUuid, unpack } from '../../src/store/lossless.ts';
import { migrate, migrations } from '../../src/store/migrations.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { gate, listening } from './store.contract.ts';
import { someFix, someProblem } from './store-samples.ts';
import { type StoreFolders, quietLog, rememberingLog, storeFolders, systemClock } from './store-world.ts';

const patient = { timeout: 20_000, interval: 10 };
let folders: StoreFolders;
let dataDir: string;
let store: OpenStore | null = null;

beforeAll(async () => {
  folders = await storeFolders();
  dataDir = folders.fresh();
});

afterEach(async () => {
  await store?.close({ graceMs: 0 });
  store = null;
});

afterAll(() => {
  folders.remove();
});

async function open(log = quietLog, clock = systemClock): Promise<OpenStore> {
  store = await openStore({ dataDir, databaseUrl: null, log, clock });
  return store;
}

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openFolder({ dataDir, log: quietLog, clock: systemClock });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

describe('opening', () => {
  it('keeps rows and jobs over a restart', async () => {
    const first = await open();
    await first.createFix(someFix('f1'));
    await first.send([{ name: 'fix', data: { fixId: 'f1' }, key: 'f1' }]);
    await first.close();
    const again = await open();
    expect(await again.readFix('f1')).toEqual(someFix('f1'));
    const { heard, handlers } = listening();
    await again.work(handlers);
    await expect.poll(() => heard.map(({ data }) => data), patient).toEqual([{ fixId: 'f1' }]);
  });

  it('runs later migrations over rows that are there, once', async () => {
    await withDatabase(async (database) => {
      const more = [...migrations, [`alter table suture.fix add column note text not null default 'none'`]];
      await migrate(database, more);
      await migrate(database, more);
      const { rows } = await database.executeSql('select id, note from suture.fix');
      expect(rows).toEqual([{ id: keyText('f1'), note: 'none' }]);
    });
  });

  it('refuses a database of a newer Suture, and changes nothing in it', async () => {
    await expect(open()).rejects.toThrow(
      `The database was written by a newer Suture (schema ${migrations.length + 1}, this one knows ${migrations.length})`,
    );
    await withDatabase(async (database) => {
      await database.executeSql('alter table suture.fix drop column note');
      await database.executeSql('update suture.schema_version set version = $1', [migrations.length]);
    });
    expect((await (await open()).readFixes('b1')).map((fix) => fix.id)).toEqual(['f1']);
  });

  it('takes a failed migration back whole', async () => {
    await withDatabase(async (database) => {
      const broken = [...migrations, ['create table suture.half (id text)', 'create nonsense']];
      await expect(migrate(database, broken)).rejects.toThrow('syntax error');
      const { rows } = await database.executeSql(`select to_regclass('suture.half') as half`);
      expect(rows).toEqual([{ half: null }]);
    });
  });

  it('refuses to be opened twice in one process', async () => {
    await open();
    const second = openStore({ dataDir, databaseUrl: null, log: quietLog, clock: systemClock });
    await expect(second).rejects.toThrow(`Another Suture (pid ${process.pid}) uses DATA_DIR`);
  });

  it('takes over the lock of a process that is gone, and a lock that cannot be read', async () => {
    for (const left of [JSON.stringify({ pid: process.pid, started: '1' }), 'rubbish', '']) {
      writeFileSync(path.join(dataDir, 'suture.lock'), left);
      await (await open()).close();
    }
    expect(readdirSync(dataDir)).toEqual(['db']);
  });

  it('says that a Postgres cannot be reached without repeating its address', async () => {
    const databaseUrl = 'postgres://suture:hunter2@127.0.0.1:1/none';
    const refused = openStore({ dataDir, databaseUrl, log: quietLog, clock: systemClock });
    await expect(refused).rejects.toThrow(
      'The Postgres server of DATABASE_URL cannot be used (ECONNREFUSED)',
    );
    await expect(refused).rejects.not.toThrow('hunter2');
  });
});

describe('running', () => {
  it('gives a failing job up after its tries, says so once with a reference, and keeps it', async () => {
    const { log, lines } = rememberingLog();
    const opened = await open(log);
    const { heard, handlers } = listening(() => {
      throw new Bug('An answer nobody understands.');
    });
    await opened.work(handlers, { pollMs: 20 });
    await opened.send([{ name: 'fix', data: { fixId: 'bad' }, key: 'bad' }]);
    await hurry(opened, 'bad', 3);
    await expect
      .poll(() => opened.counts(), patient)
      .toMatchObject({ fix: { waiting: 0, running: 0, failed: 1 } });
    expect(heard.map(({ run }) => [run.attempt, run.lastAttempt])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    const errors = lines.filter((line) => line.level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.fields).toMatchObject({
      job: 'fix',
      reference: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('treats a Later that has lasted a day as a failure', async () => {
    let now = 1_700_000_000_000;
    const opened = await open(quietLog, { now: () => now });
    const { heard, handlers } = listening(() => {
      now += 25 * 3_600_000;
      throw new Later('Sentry is down.', 10);
    });
    await opened.work(handlers, { pollMs: 20 });
    await opened.send([{ name: 'fix', data: { fixId: 'late' }, key: 'late' }]);
    await hurry(opened, 'late', 3);
    await expect.poll(() => heard.at(-1)?.run.lastAttempt, patient).toBe(true);
    expect(heard).toHaveLength(3);
  });

  it('keeps a stored job that this version cannot read, without running it', async () => {
    const { log, lines } = rememberingLog();
    const opened = await open(log);
    const { heard, handlers } = listening();
    await opened.send([{ name: 'refresh', data: JSON.parse('{"binding":"of another version"}') }]);
    await opened.work(handlers, { pollMs: 20 });
    await expect
      .poll(() => lines.map((line) => line.message), patient)
      .toContain('a stored job cannot be read');
    expect(heard).toEqual([]);
    expect(JSON.stringify(lines)).not.toContain('of another version');
  });

  it('refuses keys and groups where the queue has none', async () => {
    const data = { from: 'github', event: 'push', delivery: 'd', body: '{}' } as const;
    const opened = await open();
    await expect(opened.send([{ name: 'receive-delivery', data, key: 'k' }])).rejects.toThrow(
      'neither key nor group',
    );
  });
});

/** The back-off is minutes; a job of the same key brings the waiting one forward, which is a promise of its own. */
async function hurry(opened: OpenStore, fixId: string, attempts: number): Promise<void> {
  const waits = { fix: { waiting: 1, running: 0 } };
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    await expect.poll(() => opened.counts(), patient).toMatchObject(waits);
    await opened.send([{ name: 'fix', data: { fixId }, key: fixId }]);
  }
}

describe('closing', () => {
  it('lets a running job end, and starts no other', async () => {
    const opened = await open();
    const held = gate();
    const { heard, handlers } = listening(() => held.wait);
    await opened.work(handlers);
    await opened.send([{ name: 'reconcile', data: { bindingId: 'a' } }]);
    await expect.poll(() => heard.length, patient).toBe(1);
    await opened.send([{ name: 'reconcile', data: { bindingId: 'b' } }]);
    const closed = opened.close();
    held.open();
    await closed;
    expect(heard).toHaveLength(1);
    const again = await open();
    expect(await again.counts()).toMatchObject({ reconcile: { waiting: 1, running: 0, failed: 0 } });
    await again.work(handlers);
    await expect
      .poll(() => heard.map(({ data }) => data), patient)
      .toEqual([{ bindingId: 'a' }, { bindingId: 'b' }]);
  });

  it('puts a job back that does not end, tells it by its signal, and counts no failure', async () => {
    const opened = await open();
    const first = listening(() => new Promise(() => undefined));
    await opened.work(first.handlers);
    await opened.send([{ name: 'settle', data: { fixId: 'endless' }, key: 'k' }]);
    await expect.poll(() => first.heard.length, patient).toBe(1);
    await opened.close({ graceMs: 50 });
    expect(first.heard[0]?.run.signal.aborted).toBe(true);
    const second = listening();
    await (await open()).work(second.handlers);
    await expect.poll(() => second.heard.map(({ run }) => run.attempt), patient).toEqual([1]);
  });

  it('answers whether it is ready', async () => {
    const opened = await open();
    expect(await opened.ready()).toEqual({ ok: true });
    await opened.close();
    store = null;
    expect(await opened.ready()).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^The database does not answer/),
    });
  });
});

describe('lossless text', () => {
  it('packs and unpacks anything JSON can say', () => {
    for (const text of [
      '',
      '\u0000',
      '\ud800',
      'x'.repeat(5000),
      '🧵'.repeat(2000),
      '\ud800\u0000'.repeat(800),
    ]) {
      const packed = pack({ text });
      const stored = Object.values(packed).join('');
      expect(stored.isWellFormed() && !stored.includes('\u0000')).toBe(true);
      expect(unpack(packed)).toEqual({ text });
    }
  });

  it('makes keys and ids that are stable, storable and different for different text', () => {
    const texts = [
      'a',
      'A',
      'a\u0000',
      'a\ud800',
      'a\ud801',
      'é',
      'e\u0301',
      'x'.repeat(300),
      'x'.repeat(301),
      '=a',
      '#a',
      '',
    ];
    expect(new Set(texts.map(keyText)).size).toBe(texts.length);
    expect(new Set(texts.map(stableUuid)).size).toBe(texts.length);
    for (const text of texts) expect(keyText(text)).toMatch(/^[\x20-\x7e]{1,250}$/);
    expect(stableUuid('github guid-1')).toMatchInlineSnapshot(`"dcca32ce-759b-897d-813e-aea6f5e47ee7"`);
  });

  it('reads a row that does not fit as a Bug that tells no content', async () => {
    const opened = await open();
    await opened.saveProblems(
      'bad',
      [JSON.parse(JSON.stringify({ ...someProblem('1'), level: 'secret-word' }))],
      1,
    );
    await expect(opened.readProblems('bad')).rejects.toBeInstanceOf(Bug);
    await expect(opened.readProblems('bad')).rejects.not.toThrow('secret-word');
  });
});

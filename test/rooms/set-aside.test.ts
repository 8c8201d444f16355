// A folder is set aside only when another can be opened in its place; else everything is as it was.

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import { Damaged, damageIn, refuseEmptied } from '../../src/store/damage.ts';
import { inPlaceOf, setAsideNotices } from '../../src/store/set-aside.ts';
import { quietLog } from './store-world.ts';

let home: string;
let folder: string;
let count = 0;
const clock = { now: () => Date.UTC(2026, 10, 25, 9) };
const aside = 'db.damaged-2026-11-25T09-00-00-000Z';
const why = { damage: new Damaged('a page is spoilt'), log: quietLog, clock };

beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), 'suture-aside-'));
});
beforeEach(() => {
  count += 1;
  folder = path.join(home, String(count), 'db');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'PG_VERSION'), '17\n');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function make(version: string): Promise<string> {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'PG_VERSION'), version);
  return 'opened';
}

it('is set aside, kept, and named in a sentence', async () => {
  expect(await inPlaceOf(folder, why, () => make('17\n'))).toBe('opened');
  expect(readdirSync(path.dirname(folder))).toEqual(['db', aside]);
  expect(setAsideNotices(path.dirname(folder))).toEqual([
    `The database was damaged and is set aside as ${aside}. Its rows were rebuilt from GitHub and Sentry; ticks and ` +
      'commands of the minutes before may have to be repeated. Remove that folder once nobody needs it.',
  ]);
});

it('is put back when no other can be opened: a full disk is no damage', async () => {
  const full = async (): Promise<never> => {
    mkdirSync(folder);
    throw new Error('ENOSPC: no space left on device');
  };
  await expect(inPlaceOf(folder, why, full)).rejects.toThrow('ENOSPC');
  expect(readdirSync(path.dirname(folder))).toEqual(['db']);
  expect(readdirSync(folder)).toEqual(['PG_VERSION']);
  expect(setAsideNotices(path.dirname(folder))).toEqual([]);
});

it('is put back when it was made by another Postgres', async () => {
  const refused = inPlaceOf(folder, why, () => make('18\n'));
  await expect(refused).rejects.toBeInstanceOf(Refusal);
  await expect(refused).rejects.toThrow('was made by Postgres 17, and this Suture has 18. Start the Suture');
  expect(readFileSync(path.join(folder, 'PG_VERSION'), 'utf8')).toBe('17\n');
});

it('is damaged when files lie there without the one that says what they are', () => {
  expect(() => refuseEmptied(folder)).not.toThrow();
  writeFileSync(path.join(folder, 'other'), '');
  rmSync(path.join(folder, 'PG_VERSION'));
  expect(() => refuseEmptied(folder)).toThrow(Damaged);
  rmSync(path.join(folder, 'other'));
  expect(() => refuseEmptied(folder)).not.toThrow();
});

it.each([
  [Object.assign(new Error('invalid page in block 0 of relation base/5/1'), { code: 'XX001' }), true],
  [new Error('Aborted(). Build with -sASSERTIONS for more info.'), true],
  [Object.assign(new Error('could not open file "base/5/16401"'), { code: '58P01' }), true],
  [Object.assign(new Error('duplicate key value violates unique constraint'), { code: '23505' }), false],
  [Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' }), false],
  ['no error', false],
])('%s: damage %s', (error, expected) => {
  expect(damageIn(error) !== null).toBe(expected);
});

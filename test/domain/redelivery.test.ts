// Which deliveries are asked for again: those that never arrived, each once, as long as the host has them.

import { expect, it } from 'vitest';
import { keptMs, toTryAgain, type DeliveryTry } from '../../src/domain/redelivery.ts';

const now = Date.UTC(2026, 10, 25);
const hour = 3_600_000;

function tried(id: number, delivery: string, more: Partial<DeliveryTry> = {}): DeliveryTry {
  return { id, delivery, at: now - id * hour, again: false, arrived: false, ...more };
}

it.each<[string, DeliveryTry[], number[]]>([
  ['nothing', [], []],
  ['one that arrived', [tried(1, 'a', { arrived: true })], []],
  ['one that failed', [tried(1, 'a')], [1]],
  [
    'one that failed and was sent again by itself and arrived',
    [tried(2, 'a'), tried(1, 'a', { arrived: true })],
    [],
  ],
  ['one that arrived first and failed later', [tried(1, 'a'), tried(2, 'a', { arrived: true })], []],
  ['one that was asked for before, in vain', [tried(2, 'a'), tried(1, 'a', { again: true })], []],
  ['two tries of one delivery: the newer', [tried(2, 'a'), tried(1, 'a')], [1]],
  ['two deliveries: the older first', [tried(1, 'b'), tried(2, 'a')], [2, 1]],
  ['one that the host has forgotten', [tried(1, 'a', { at: now - keptMs })], []],
  ['one that it is about to forget', [tried(1, 'a', { at: now - keptMs + 1 })], [1]],
])('%s', (_what, tries, expected) => {
  expect(toTryAgain(tries, now).map(({ id }) => id)).toEqual(expected);
});

it('asks for a hundred at most at once, the oldest, which are forgotten first', () => {
  const tries = Array.from({ length: 150 }, (_, index) =>
    tried(index, `d${index}`, { at: now - index * 60_000 }),
  );
  const wanted = toTryAgain(tries, now);
  expect([wanted.length, wanted[0]?.id, wanted.at(-1)?.id]).toEqual([100, 149, 50]);
});

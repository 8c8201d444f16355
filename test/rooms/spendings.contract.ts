// What `Spendings` (ports/models.ts) promises, for each database.

import { expect, it } from 'vitest';
import type { Spendings } from '../../src/ports.ts';

type Opened = Spendings & { close(): Promise<void> };

/** `open` gives a connection to one and the same database each time it is called. */
export function spendingsContract(name: string, open: () => Promise<Opened>): void {
  it(`${name}: adds up what a day cost, also when many add at once, and after a restart`, async () => {
    const store = await open();
    await expect(store.readSpending('2026-11-25')).resolves.toEqual({ requests: 0, tokens: 0, money: null });
    await store.addSpending('2026-11-25', { requests: 1, tokens: 10, money: null });
    await expect(store.readSpending('2026-11-25')).resolves.toEqual({ requests: 1, tokens: 10, money: null });
    const more = { requests: 1, tokens: 100, money: 0.25 };
    await Promise.all([1, 2, 3, 4].map(() => store.addSpending('2026-11-25', more)));
    await store.close();
    const again = await open();
    await expect(again.readSpending('2026-11-25')).resolves.toEqual({ requests: 5, tokens: 410, money: 1 });
    await expect(again.readSpending('2026-11-26')).resolves.toMatchObject({ requests: 0 });
    await again.close();
  });
}

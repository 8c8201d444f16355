// The promises hold in every history that was played, and the simulation would notice if they did not.

import { describe, expect, it } from 'vitest';
import { planted } from './planted.ts';
import { report, search } from './search.ts';

describe('simulation', () => {
  it('keeps all promises in 300 histories', async () => {
    const found = await search({ count: 300, seed: 20_261_123 });
    expect(found.broken && report(found.broken)).toBeNull();
    expect(found.histories).toBe(300);
    expect(found.came.resolved).toBeGreaterThan(30);
    expect(found.came.again).toBeGreaterThan(10);
    const rare = Object.entries(found.around).filter(([, times]) => times === 0);
    expect(rare).toEqual([]);
  }, 600_000);

  it.each(planted)(
    'notices when $promise is broken: $what',
    async ({ promise, sabotage }) => {
      const found = await search({ count: 300, seed: 7, sabotage, only: promise, shorten: false });
      expect(found.broken?.error.promise).toBe(promise);
    },
    300_000,
  );
});

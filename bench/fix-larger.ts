// The same in a repository of a usual size: the sample shop with 600 more modules and the packages that such projects
// install. It installs them twice from the registry, so it takes minutes and runs only when it is asked for by name.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { growShop } from './fix/larger.ts';
import { measureFixes } from './fix/measure.ts';
import type { Row } from './main.ts';

export const fixLarger: Row = {
  name: 'fix-larger',
  what: 'the same in the shop with 600 modules and about 400 packages more',
  byName: true,
  run: async ({ timeline }) => {
    const sample = mkdtempSync(path.join(tmpdir(), 'suture-bench-larger-'));
    try {
      await growShop(sample);
      return await measureFixes({ timeline, sample });
    } finally {
      rmSync(sample, { recursive: true, force: true });
    }
  },
};

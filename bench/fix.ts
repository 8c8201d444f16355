// A later fix on a warm repository, beside the same by hand and a fresh clone with an install: fix/measure.ts.

import { measureFixes } from './fix/measure.ts';
import type { Row } from './main.ts';

export const fix: Row = {
  name: 'fix',
  what: 'a fix of the sample shop, from tick to pull request; milliseconds; own time is without any in which checks ran',
  run: ({ timeline }) => measureFixes({ timeline }),
};

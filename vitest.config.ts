// Two suites: `quick` is `npm test`; `long` (`npm run test:long`) has what takes its time: killing Suture at every
// step, random interleavings, a browser, the whole demo. CI runs both.

import { defineConfig } from 'vitest/config';

const long = [
  'test/browser/**/*.test.ts',
  'test/rooms/agent-*.test.ts',
  'test/rooms/sandbox-escapes.test.ts',
  'test/simulation/**/*.test.ts',
  'test/stories/{demo,demo-pages}.test.ts',
  'test/stories/killed*.test.ts',
  'test/stories/{approval,checks-at-base,command-line,mistakes,start-and-stop}.test.ts',
  'test/stories/ticks-kept.test.ts',
  'test/stories/triage-*.test.ts',
];
const never = ['test/fixtures/**', 'test/agents/**'];
const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Most of the time goes to other processes (git, npm, Suture itself), so more workers than cores pay.
    maxWorkers: 4,
    projects: [
      { test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [...never, ...long], ...patience } },
      { test: { name: 'long', include: long, exclude: never, ...patience } },
    ],
  },
});

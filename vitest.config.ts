// Two suites: `quick` is `npm test`; `long` (`npm run test:long`) has what takes its time: killing Suture at every
// step, random interleavings, a browser, the whole demo. A push waits for the first one.

import { defineConfig } from 'vitest/config';

const long = [
  'test/rooms/{eval-fix,fixers-plain,fixers-questions,fixers-rust,fixers-texts}.test.ts',
  'test/stories/{rust-fix,template-fix,own-checks}.test.ts',
  'test/browser/**/*.test.ts',
  'test/rooms/agent-*.test.ts',
  'test/rooms/store-damaged.test.ts',
  'test/rooms/{sandbox-escapes,checks-programs}.test.ts',
  'test/simulation/**/*.test.ts',
  'test/rooms/store-killed.test.ts',
  'test/rooms/{reproduce,reproduce-jest,mute-checks,further-checks}.test.ts',
  'test/rooms/related-{ladder,runners}.test.ts',
  'test/stories/{demo,demo-pages}.test.ts',
  'test/stories/killed*.test.ts',
  'test/stories/{agents,lost}.test.ts',
  'test/stories/{approval,checks-at-base,command-line,mistakes,start-and-stop}.test.ts',
  'test/stories/{resolving,same-root,watching,ledger,summary}.test.ts',
  'test/stories/ticks-kept.test.ts',
  'test/stories/triage-*.test.ts',
  'test/stories/pull-*.test.ts',
];
const never = ['test/fixtures/**', 'test/agents/**'];
// Only what hangs is ended by these; a busy machine may take its time.
const patience = { testTimeout: 300_000, hookTimeout: 300_000 };

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

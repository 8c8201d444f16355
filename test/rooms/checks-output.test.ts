import { describe, expect, it } from 'vitest';
import { failuresIn } from '../../src/checks/failures.ts';
import { summaryOf } from '../../src/checks/summary.ts';

// Recorded from the programs themselves, shortened.
const outputs: {
  name: string;
  kind: 'types' | 'tests';
  output: string;
  failures: string[];
  summary: string;
}[] = [
  {
    name: 'tsc, plain',
    kind: 'types',
    output: `src/a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.
src/a.ts(2,47): error TS18048: 'a.b' is possibly 'undefined'.
src/a.ts(9,47): error TS18048: 'a.b' is possibly 'undefined'.
  a further line
error TS5058: The specified path does not exist: 'x'.`,
    failures: [
      "src/a.ts TS2322 Type 'string' is not assignable to type 'number'.",
      "src/a.ts TS18048 'a.b' is possibly 'undefined'.",
      "src/a.ts TS18048 'a.b' is possibly 'undefined'. (2)",
      "TS5058 The specified path does not exist: 'x'.",
    ],
    summary: '4 errors',
  },
  {
    name: 'tsc, pretty',
    kind: 'types',
    output: `t.ts:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.

1 const x: number = 'a';
        ~

Found 1 error in t.ts:1`,
    failures: ["t.ts TS2322 Type 'string' is not assignable to type 'number'."],
    summary: '1 error',
  },
  {
    name: 'node:test, spec',
    kind: 'tests',
    output: `▶ cart
  ✖ totals (2.24331ms)
  ✔ ok (0.252517ms)
  ▶ inner > x
    ✖ deep one (1.92216ms)
  ✖ inner > x (2.255391ms)
  ▶ fine
    ✔ ok (1ms)
  ✔ fine (2.255391ms)
✖ cart (6.932146ms)
▶ broken hook
✖ broken hook (1.5ms)
✖ top level fails (0.488346ms)
﹣ top skip (0.168124ms) # SKIP
⚠ todo fails (0.16984ms) # TODO
✖ b.test.mjs (34.879267ms)
ℹ tests 7
ℹ pass 1
ℹ fail 4

✖ failing tests:

test at a.test.mjs:3:26
✖ totals (2.24331ms)`,
    failures: [
      'cart > totals',
      'cart > inner > x > deep one',
      'broken hook',
      'top level fails',
      'b.test.mjs',
    ],
    summary: '1 passed, 4 failed',
  },
  {
    name: 'node:test, TAP',
    kind: 'tests',
    output: `TAP version 13
# Subtest: cart
    # Subtest: totals
    not ok 1 - totals
      ---
      duration_ms: 1.149336
      failureType: 'testCodeFailure'
      error: |-
        not ok 7 - a trap
      ...
    # Subtest: ok
    ok 2 - ok
      ---
      duration_ms: 0.140794
      ...
    1..2
not ok 1 - cart
  ---
  failureType: 'subtestsFailed'
  ...
# Subtest: a \\# b
not ok 2 - a \\# b
  ---
  failureType: 'testCodeFailure'
  ...
# Subtest: todo fails
not ok 3 - todo fails # TODO
  ---
  failureType: 'testCodeFailure'
  ...
1..3
# pass 1
# fail 2`,
    failures: ['cart > totals', 'a # b'],
    summary: '1 passed, 2 failed',
  },
  {
    name: 'vitest',
    kind: 'tests',
    output: ` RUN  v5.1.0 /somewhere

 ❯ a.test.ts (4 tests | 2 failed) 11ms
   ❯ cart (2)
     × totals 8ms

⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  b.test.ts [ b.test.ts ]
Error: load failure

⎯⎯⎯⎯⎯⎯ Failed Tests 2 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  a.test.ts > cart > totals
AssertionError: expected 1 to be 2
 FAIL  a.test.ts > top fails

 Test Files  2 failed (2)
      Tests  2 failed | 1 passed (3)`,
    failures: ['b.test.ts', 'a.test.ts > cart > totals', 'a.test.ts > top fails'],
    summary: '1 passed, 2 failed',
  },
  {
    name: 'jest',
    kind: 'tests',
    output: `FAIL src/cart.test.js (5.2 s)
  cart
    ✕ totals (3 ms)
    ✓ adds

  ● cart › totals

    expect(received).toBe(expected)

FAIL src/broken.test.js
  ● Test suite failed to run

    SyntaxError

Summary of all failing tests
FAIL src/cart.test.js
  ● cart › totals

Tests:       1 failed, 1 passed, 2 total`,
    failures: ['src/cart.test.js > cart > totals', 'src/broken.test.js > Test suite failed to run'],
    summary: '1 passed, 1 failed',
  },
  {
    name: 'mocha',
    kind: 'tests',
    output: `  cart
    1) totals
    ✔ adds

  1 passing (5ms)
  2 failing

  1) cart
       totals:

      AssertionError [ERR_ASSERTION]: 1 == 2
      at Context.<anonymous> (test.js:3:20)

  2) top fails:
     Error: no`,
    failures: ['cart > totals', 'top fails'],
    summary: '1 passed, 2 failed',
  },
  {
    name: 'ava',
    kind: 'tests',
    output: `  ✔ cart › adds
  ✘ [fail]: cart › totals
  ─
  1 test failed
  1 test passed`,
    failures: ['cart > totals'],
    summary: '1 passed, 1 failed',
  },
  {
    name: 'ava before its version 4',
    kind: 'tests',
    output: `  ✔ cart_test.mjs › adds (649ms)
  ✔ cart_test.mjs › counts
  ✖ cart_test.mjs › totals Rejected promise returned by test
  ─

  cart_test.mjs › totals

  Rejected promise returned by test. Reason:

  1 test failed
  5 tests skipped`,
    failures: ['cart_test.mjs > totals Rejected promise returned by test'],
    summary: '2 passed, 1 failed',
  },
  {
    name: 'ava before its version 4, with what passed left out',
    kind: 'tests',
    output: `  ✖ totals Test finished without running any assertions

  1 test failed`,
    failures: ['totals Test finished without running any assertions'],
    summary: '1 failed',
  },
  {
    name: 'eslint, whose sum begins with the mark of ava',
    kind: 'tests',
    output: `  3:1  error  Unexpected var

  ✖ 1 problem (1 error, 0 warnings)`,
    failures: [],
    summary: 'exit status 1',
  },
  {
    name: 'cargo check',
    kind: 'types',
    output: `error[E0308]: mismatched types
  --> src/main.rs:2:18
   |
error: could not compile \`shop\` (bin "shop") due to 1 previous error`,
    failures: ['src/main.rs E0308 mismatched types'],
    summary: '1 error',
  },
  {
    name: 'cargo test',
    kind: 'tests',
    output: `test cart::adds ... ok
test cart::totals ... FAILED

test result: FAILED. 1 passed; 1 failed; 0 ignored`,
    failures: ['cart > totals'],
    summary: '1 passed, 1 failed',
  },
  {
    name: 'tap, with times on its lines',
    kind: 'tests',
    output: `TAP version 13
# Subtest: test/cart.test.js
    not ok 1 - totals # time=2.5ms
      ---
      stack: x
      ...
    ok 2 - adds # time=0.4ms
not ok 1 - test/cart.test.js # time=93.405ms
  ---
  exitCode: 1
  ...
ok 2 - test/shop.test.js # time=80ms {
    ok 1 - sells
}

1..2
# failed 1 of 2 tests
# time=1196.248ms`,
    failures: ['test/cart.test.js > totals', 'test/cart.test.js'],
    summary: '1 passed, 1 failed',
  },
  {
    name: 'tape',
    kind: 'tests',
    output: `TAP version 13
# cart
ok 1 should be equal
not ok 2 should be equal
  ---
    operator: equal
  ...
# shop
not ok 3 should be equal

1..3
# tests 3
# pass  1
# fail  2`,
    failures: ['cart > should be equal', 'shop > should be equal'],
    summary: '1 passed, 2 failed',
  },
  {
    name: 'qunit',
    kind: 'tests',
    output: `TAP version 13
ok 1 cart > adds
not ok 2 cart > totals
  ---
  message: x
  ...
1..2
# pass 1
# skip 0
# todo 0
# fail 1`,
    failures: ['cart > totals'],
    summary: '1 passed, 1 failed',
  },
  {
    name: 'jasmine',
    kind: 'tests',
    output: `Started
.F

Failures:
1) cart totals
  Message:
    Expected 1 to be 2.
  Stack:
        at <Jasmine>

2 specs, 1 failure
Finished in 0.012 seconds`,
    failures: ['cart totals'],
    summary: '1 passed, 1 failed',
  },
  {
    name: 'something else',
    kind: 'tests',
    output: 'Segmentation fault',
    failures: [],
    summary: 'exit status 1',
  },
];

describe('the output of checks', () => {
  it.each(outputs)('names the failures of $name', ({ kind, output, failures, summary }) => {
    expect(failuresIn(kind, output)).toEqual(failures);
    const outcome = { passed: false, timedOut: false, exitCode: 1, failures, output, timeoutMs: 600_000 };
    expect(summaryOf(kind, outcome)).toBe(summary);
  });

  it('says when time was up', () => {
    const outcome = {
      passed: false,
      timedOut: true,
      exitCode: null,
      failures: [],
      output: '',
      timeoutMs: 600_000,
    };
    expect(summaryOf('tests', outcome)).toBe('stopped after 10 minutes');
  });
});

// What `cargo test` prints, read as tests with their panics: recorded output of old and new compilers.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cargoOutcomes } from '../../src/checks/outcomes-cargo.ts';

const root = mkdtempSync(path.join(tmpdir(), 'suture-outcomes-'));
mkdirSync(path.join(root, 'crates/fleet/src'), { recursive: true });
writeFileSync(path.join(root, 'crates/fleet/src/tags.rs'), '');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const running = `
running 3 tests
test call_1 ... ok
test call_2 ... FAILED
test call_3 ... FAILED

failures:
`;

describe('the output of cargo test', () => {
  it('tells each test, and where and with what it panicked', () => {
    const output = `${running}
---- call_2 stdout ----

thread 'call_2' (4711) panicked at src/tags.rs:18:22:
index out of bounds: the len is 1 but the index is 1
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace

---- call_3 stdout ----

thread 'call_3' panicked at /rustc/59807616e/library/std/src/collections/hash/map.rs:1:1:
no entry found for key


failures:
    call_2
    call_3

test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
`;
    expect(cargoOutcomes(output, root, 'crates/fleet')).toEqual([
      { name: 'call_1', thrown: null },
      {
        name: 'call_2',
        thrown: {
          type: null,
          message: 'index out of bounds: the len is 1 but the index is 1',
          frames: [{ function: null, path: 'crates/fleet/src/tags.rs', line: 18 }],
        },
      },
      { name: 'call_3', thrown: { type: null, message: 'no entry found for key', frames: [] } },
    ]);
  });

  it('reads compilers that put the message first', () => {
    const output = `${running}
---- call_2 stdout ----
thread 'call_2' panicked at 'attempt to subtract with overflow', crates/fleet/src/tags.rs:7:9
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace


failures:
    call_2
`;
    expect(cargoOutcomes(output, root, 'crates/fleet')[1]?.thrown).toEqual({
      type: null,
      message: 'attempt to subtract with overflow',
      frames: [{ function: null, path: 'crates/fleet/src/tags.rs', line: 7 }],
    });
  });

  it('tells of no test when nothing compiled', () => {
    expect(cargoOutcomes('error[E0425]: cannot find function `x`\n', root, '.')).toEqual([]);
  });
});

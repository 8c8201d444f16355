// Reads every test with its panic out of what `cargo test` prints. Its frames are where the panic was raised: the
// library of the language names its caller for the panics that code meets every day.

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestOutcome, Thrown } from '../domain/proof/reproduction.ts';

/** Takes the standard output, the worktree and the crate's repository-relative folder. */
export function cargoOutcomes(output: string, root: string, folder: string): TestOutcome[] {
  const text = output.replaceAll('\r\n', '\n');
  const told = new Map(
    [...text.matchAll(/^---- (\S+) stdout ----\n([^]*?)(?=^---- |^failures:$|$(?![^]))/gm)].map(
      ([, name = '', block = '']) => [name, block],
    ),
  );
  return [...text.matchAll(/^test (\S+) \.\.\. (ok|FAILED)$/gm)].map(([, name = '', result]) => ({
    name,
    thrown: result === 'ok' ? null : panicIn(told.get(name) ?? '', root, folder),
  }));
}

/** `panicked at src/a.rs:3:5:` and the message on the next lines; older compilers put the message first. */
function panicIn(block: string, root: string, folder: string): Thrown {
  const now = /panicked at ([^\n]+?):(\d+):\d+:\n([^]*?)(?=\nnote: |\nstack backtrace:|\n\n|$(?![^]))/.exec(
    block,
  );
  const then = /panicked at '([^]*?)', ([^\n]+?):(\d+):\d+/.exec(block);
  const [file = '', line = '', message = ''] = now
    ? [now[1], now[2], now[3]]
    : [then?.[2], then?.[3], then?.[1] ?? block.trim()];
  const at = [file, path.posix.join(folder, file)].find(
    (each) => each !== '' && !path.isAbsolute(each) && existsSync(path.join(root, each)),
  );
  const frames = at === undefined ? [] : [{ function: null, path: at, line: Number(line) }];
  return { type: null, message: message.trim(), frames };
}

// Answers of git about commits are kept within bounds, and nothing else is.

import { describe, expect, it } from 'vitest';
import { createKept } from '../../src/git/kept.ts';

const answer = (size: number, exitCode: number | null = 0) => ({
  exitCode,
  stdout: Buffer.alloc(size),
  stderr: '',
});

describe('kept answers', () => {
  it('forget what was not asked for longest, once they are too many', () => {
    const kept = createKept(10_000);
    for (const question of ['a', 'b', 'c']) kept.keep(question, answer(2_000));
    expect(kept.find('a')?.stdout.length).toBe(2_000);
    kept.keep('d', answer(2_000));
    kept.keep('e', answer(2_000));
    expect(['a', 'b', 'c', 'd', 'e'].filter((question) => kept.find(question))).toEqual(['a', 'c', 'd', 'e']);
  });

  it('hold nothing that was cut off or is too large', () => {
    const kept = createKept(10_000);
    kept.keep('cut', answer(10, null));
    kept.keep('large', answer(5_000));
    expect([kept.find('cut'), kept.find('large')]).toEqual([undefined, undefined]);
  });
});

// What a failed step says, to the next prompt and to people.

import { describe, expect, it } from 'vitest';
import { failingOutput, failureText, outputBlocks } from '../../src/domain/proof/failing-step.ts';
import type { LadderStep } from '../../src/domain/fix.ts';

const step: LadderStep = { step: 'npm test', result: 'failed', detail: 'The change causes 1 new failure.' };

describe('the output of a failed step', () => {
  it('names what is new, and keeps the end from the beginning of a line', () => {
    const output = `${'x'.repeat(60)}\n`.repeat(100);
    const kept = failingOutput(['cart > adds'], `${output}AssertionError: 1 !== 2\n`);
    expect(kept.startsWith('New failures:\n- cart > adds\n\n[…]\nxxx')).toBe(true);
    expect(kept.endsWith('AssertionError: 1 !== 2')).toBe(true);
    expect(kept.length).toBeLessThan(4_100);
  });

  it('is the next prompt of the fixer, whole', () => {
    expect(failureText({ ...step, output: 'Error: no row' })).toBe(
      'npm test: The change causes 1 new failure.\n\nError: no row',
    );
    expect(failureText(step)).toBe('npm test: The change causes 1 new failure.');
  });

  it('is shown to people as text that does nothing', () => {
    const hostile = 'see @mia\n```\n<img src=x> token: ghp_0123456789abcdefghij0123456789abcdef\n';
    const [shown = ''] = outputBlocks([step, { ...step, output: hostile }], 400);
    expect(shown).toMatch(/^npm test:\n\n````text\nsee @mia\n```\n[^]*\n````$/);
    expect(shown).not.toContain('ghp_0123456789');
  });
});

// What a pull request shows of its proof beyond the table of steps.

import { describe, expect, it } from 'vitest';
import type { LadderStep } from '../../src/domain/fix.ts';
import { pullBody, type PullText } from '../../src/domain/pull/pull-request.ts';
import { createSigner } from '../../src/github/signer.ts';
import { problem } from './triage-samples.ts';

const base: PullText = {
  problem: problem('1', {}),
  bindingId: 'b',
  attempt: 1,
  approval: { by: 'mia', at: 0, via: 'tick' },
  files: ['src/cart.ts'],
  description: { summary: 's', rootCause: 'Because.', change: 'It leaves.', strategy: 'T1', symptom: null },
  diagnosis: [],
  location: { frames: [], suspect: null, candidates: [], refusal: null },
  surroundings: null,
  root: null,
  earlier: [],
  ladder: [],
  reproduced: false,
  evidence: null,
  doubt: null,
};

function body(change: Partial<PullText>): string {
  return pullBody({ ...base, ...change }, createSigner('secret'));
}

describe('the proof in a pull request', () => {
  it('says nothing where there is nothing to say', () => {
    expect(body({})).not.toMatch(/earlier tries|The test that reproduces|Look closely/);
  });

  it('shows what earlier tries printed, as text that does nothing', () => {
    const ladder: LadderStep[] = [
      { step: 'try 1 (agent)', result: 'failed', detail: 'npm test: 1 | 2', output: '```\n@mia <img>' },
    ];
    const text = body({ ladder });
    expect(text).toContain('| try 1 (agent) | ✗ npm test: 1 \\| 2 |');
    expect(text).toContain('<details><summary>What earlier tries failed at</summary>');
    expect(text).toContain('````text\n```\n@mia <img>\n````');
  });

  it('shows a test that has no place in the repository', () => {
    const text = body({ reproduced: true, evidence: { path: 'src/cart.test.ts', text: "test('a')\n" } });
    expect(text).toContain('<details><summary>The test that reproduces it</summary>');
    expect(text).toContain(
      "It ran as `src/cart.test.ts` and is not part of this change.\n\n```text\ntest('a')\n```",
    );
  });

  it('carries the doubt about its fixer', () => {
    expect(body({ doubt: 'Look closely: mostly closed.' })).toContain(
      'Files: `src/cart.ts`.\n\nLook closely: mostly closed.\n\n| proof |',
    );
  });
});

// Marks that name who approved a fix, read back from texts that people can edit.

import { expect, it } from 'vitest';
import { approvalMark, readApprovalMark } from '../../src/domain/marker.ts';
import { createSigner } from '../../src/github/signer.ts';

const signer = createSigner('a secret of the test');
const mark = { bindingId: 'acme/shop', problemId: '7', attempt: 2 };
const approval = { by: 'ada', at: 1_790_000_000_000, via: 'tick' } as const;

it('reads an approval back from the text round it', () => {
  const text = `before\n${approvalMark(signer, mark, approval)}\nafter`;
  expect(readApprovalMark(signer, mark, text)).toEqual(approval);
});

it.each([
  ['another person', (text: string) => text.replace('ada', 'eve')],
  ['another time', (text: string) => text.replace('1790000000000', '1790000000001')],
  ['another way', (text: string) => text.replace('tick', 'command')],
])('reads nothing where somebody has written %s into it', (_what, forge) => {
  expect(readApprovalMark(signer, mark, forge(approvalMark(signer, mark, approval)))).toBeNull();
});

it('reads nothing from the mark of another fix', () => {
  const text = approvalMark(signer, mark, approval);
  for (const other of [{ attempt: 1 }, { problemId: '8' }, { bindingId: 'acme/desk' }])
    expect(readApprovalMark(signer, { ...mark, ...other }, text)).toBeNull();
});

// What answers of models say they used, and where spending stops.

import { describe, expect, it } from 'vitest';
import { mergeUsage, readUsage } from '../../src/domain/agent/model-usage.ts';
import { addSpent, capText, costOf, isBeyond, spentText, usedUp } from '../../src/domain/agent/spending.ts';

describe('reading what an answer used', () => {
  it.each([
    [
      'Messages',
      {
        usage: {
          input_tokens: 10,
          output_tokens: 5,
          cache_read_input_tokens: 90,
          cache_creation_input_tokens: 7,
        },
      },
      { input: 10, output: 5, cacheRead: 90, cacheWrite: 7 },
    ],
    [
      'Messages, the start of a stream',
      { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } },
      { input: 10, output: 1, cacheRead: 0, cacheWrite: 0 },
    ],
    [
      'Chat Completions',
      { usage: { prompt_tokens: 100, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 80 } } },
      { input: 20, output: 5, cacheRead: 80, cacheWrite: 0 },
    ],
    [
      'Responses, the end of a stream',
      {
        response: {
          usage: { input_tokens: 100, output_tokens: 5, input_tokens_details: { cached_tokens: 80 } },
        },
      },
      { input: 20, output: 5, cacheRead: 80, cacheWrite: 0 },
    ],
    [
      'Gemini',
      { usageMetadata: { promptTokenCount: 50, candidatesTokenCount: 5, thoughtsTokenCount: 20 } },
      { input: 50, output: 25, cacheRead: 0, cacheWrite: 0 },
    ],
    ['a chunk without usage', { usage: null, choices: [] }, null],
    ['nonsense', { usage: { input_tokens: 'many' } }, null],
  ])('%s', (_, document, usage) => {
    expect(readUsage(document)).toEqual(usage);
  });

  it('takes the largest of counts that grow, in a stream and in a list', () => {
    const chunks = [1, 9, 4].map((candidatesTokenCount) => ({
      usageMetadata: { promptTokenCount: 50, candidatesTokenCount },
    }));
    expect(readUsage(chunks)).toMatchObject({ input: 50, output: 9 });
    expect(mergeUsage(readUsage(chunks[0]), null)).toMatchObject({ output: 1 });
  });
});

describe('spending', () => {
  const prices = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
  const usage = { input: 1000, output: 100, cacheRead: 10_000, cacheWrite: 0 };

  it('costs what the prices say, and nothing known without prices', () => {
    expect(costOf(usage, prices)).toBeCloseTo(0.003 + 0.0015 + 0.003, 10);
    expect(costOf(usage, null)).toBeNull();
  });

  it('is told in words', () => {
    const spent = addSpent(
      { requests: 1, tokens: 84_000, money: null },
      { requests: 2, tokens: 210, money: 0.4 },
    );
    expect(spentText(spent)).toBe('3 requests, 84,210 tokens, 0.40 of money');
    expect(spentText({ requests: 1, tokens: 1_234_567, money: null })).toBe('1 request, 1,234,567 tokens');
    expect(capText({ requests: 200, tokens: null, money: 5 })).toBe('200 requests, 5.00 of money');
  });

  it('leaves no room for another request at the cap, and is beyond it only past it', () => {
    const cap = { requests: 2, tokens: 100, money: null };
    expect(usedUp({ requests: 1, tokens: 99, money: 9 }, cap)).toBeNull();
    expect(usedUp({ requests: 2, tokens: 0, money: null }, cap)).toBe('2 requests');
    expect(usedUp({ requests: 1, tokens: 100, money: null }, cap)).toBe('100 tokens');
    expect(isBeyond({ requests: 9, tokens: 100, money: null }, cap)).toBe(false);
    expect(isBeyond({ requests: 1, tokens: 101, money: null }, cap)).toBe(true);
    expect(usedUp({ requests: 0, tokens: 0, money: 2 }, { ...cap, money: 2 })).toBe('2.00 of money');
  });
});

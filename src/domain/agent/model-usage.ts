// Reads what an answer of a model says it used, whichever of the four common APIs it came through.
// Pure: it takes parsed JSON. Counts that grow while an answer is streamed are merged by their largest.

import { z } from 'zod';
import type { Usage } from './spending.ts';

const count = z.number().nonnegative().nullish();
const cached = z.object({ cached_tokens: count }).nullish();

const named = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  input_tokens_details: cached,
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: cached,
});

const metadata = z.object({
  promptTokenCount: count,
  toolUsePromptTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  cachedContentTokenCount: count,
});

/** Where the four keep it: beside the answer, inside a message (Messages), inside a response (Responses). */
const answer = z.object({
  usage: named.nullish(),
  message: z.object({ usage: named.nullish() }).nullish(),
  response: z.object({ usage: named.nullish(), usageMetadata: metadata.nullish() }).nullish(),
  usageMetadata: metadata.nullish(),
});

/** Null when the document says nothing of it. A list is read as its parts. */
export function readUsage(document: unknown): Usage | null {
  if (Array.isArray(document))
    return document.map(readUsage).reduce<Usage | null>((all, one) => mergeUsage(all, one), null);
  const read = answer.safeParse(document);
  if (!read.success) return null;
  const { usage, message, response, usageMetadata } = read.data;
  const found = usage ?? message?.usage ?? response?.usage;
  if (found) return fromNames(found);
  const meta = usageMetadata ?? response?.usageMetadata;
  return meta ? fromMetadata(meta) : null;
}

/** The larger of each: streams repeat a count as it grows. */
export function mergeUsage(left: Usage | null, right: Usage | null): Usage | null {
  if (left === null || right === null) return left ?? right;
  return {
    input: Math.max(left.input, right.input),
    output: Math.max(left.output, right.output),
    cacheRead: Math.max(left.cacheRead, right.cacheRead),
    cacheWrite: Math.max(left.cacheWrite, right.cacheWrite),
  };
}

/** Messages counts cached tokens beside its input; the OpenAI forms count them inside. */
function fromNames(usage: z.infer<typeof named>): Usage {
  const inside = usage.input_tokens_details?.cached_tokens ?? usage.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    input: Math.max(0, (usage.input_tokens ?? usage.prompt_tokens ?? 0) - inside),
    output: usage.output_tokens ?? usage.completion_tokens ?? 0,
    cacheRead: inside + (usage.cache_read_input_tokens ?? 0),
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
  };
}

function fromMetadata(usage: z.infer<typeof metadata>): Usage {
  const cacheRead = usage.cachedContentTokenCount ?? 0;
  return {
    input: Math.max(0, (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0) - cacheRead),
    output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    cacheRead,
    cacheWrite: 0,
  };
}

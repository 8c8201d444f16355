// What the kept life of a pull request must look like; a row of an older version has none, or not all of it.

import { z } from 'zod';
import { newLife, type LifeFacts } from '../domain/pull/life-facts.ts';

const text = z.string();
const maybeText = text.nullable();

const fields = z.looseObject({
  waits: maybeText.default(null),
  turn: z.number().nullable().default(null),
  suspect: maybeText.default(null),
  base: maybeText.default(null),
  written: maybeText.default(null),
  earlier: z.array(text).default([]),
  reopened: z.boolean().default(false),
  readyAt: z.number().nullable().default(null),
  asked: z.array(text).nullable().default(null),
  retries: z.number().default(0),
  rebuilds: z.number().default(0),
  stuck: z.looseObject({ head: text, reason: text }).nullable().default(null),
  baseRed: z
    .object({ head: text, names: z.array(text) })
    .nullable()
    .default(null),
  vanished: z.boolean().default(false),
  superseded: z.looseObject({ reason: text, at: z.number() }).nullable().default(null),
  steppedBack: z.enum(['pushed', 'reopened', 'retargeted']).nullable().default(null),
});

export const lifeSchema: z.ZodType<LifeFacts> = fields.default(newLife);

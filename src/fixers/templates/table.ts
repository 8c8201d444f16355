// Every template, in the order they are asked. A new one is a file beside this and a line here.

import { nonNullAssertion } from './t1-non-null.ts';
import { uncheckedNull } from './t2-unchecked.ts';
import { missingList } from './t3-list.ts';
import { missingAwait } from './t4-await.ts';
import { floatingPromise } from './t5-floating.ts';
import { safeParse } from './t6-parse.ts';
import { emptyReduce } from './t7-reduce.ts';
import { lateCheck } from './t8-late-check.ts';
import { condition } from './t9-condition.ts';
import { missingEntry } from './t10-entries.ts';
import { toleratedStep } from './t11-tolerated.ts';
import { fallback } from './t12-fallback.ts';
import { optionalPart } from './t13-optional-part.ts';
import type { Template } from './template.ts';

export const templates: readonly Template[] = [
  nonNullAssertion,
  lateCheck,
  condition,
  fallback,
  optionalPart,
  uncheckedNull,
  missingList,
  missingAwait,
  floatingPromise,
  safeParse,
  emptyReduce,
  missingEntry,
  toleratedStep,
];

// Every Rust template, in the order they are asked. A new one is a file beside this and a line here.

import { charBoundary } from './r1-char-boundary.ts';
import { indexed, keyed } from './r2-index.ts';
import { unwrapped } from './r3-unwrap.ts';
import { subtraction } from './r4-subtract.ts';
import { lossyText } from './r6-lossy.ts';
import { lowerBound } from './r8-lower-bound.ts';
import { letElse } from './r9-let-else.ts';
import { openArm } from './r10-open-arm.ts';
import type { RustTemplate } from './template.ts';

export const rustTemplates: readonly RustTemplate[] = [
  charBoundary,
  indexed,
  lossyText,
  unwrapped,
  letElse,
  lowerBound,
  subtraction,
  keyed,
  openArm,
];

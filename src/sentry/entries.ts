// Finds an entry of an event by its type.
// It must never go by place: Sentry orders entries by how they are displayed.

import type { z } from 'zod';
import { entryData, type EventShape } from './event-shapes.ts';

type EntryType = keyof typeof entryData;

/** The data of the first readable entry of that type; null when there is none. */
export function entry<T extends EntryType>(
  read: EventShape,
  type: T,
): z.output<(typeof entryData)[T]> | null {
  for (const candidate of read.entries) {
    if (candidate.type !== type) continue;
    const data = entryData[type].safeParse(candidate.data);
    if (data.success && data.data) return data.data as z.output<(typeof entryData)[T]>;
  }
  return null;
}

// From an event to the place and the meaning of a crash: the steps before anything is changed.

import type { CrashEvent } from '../domain/crash-event.ts';
import { diagnose } from '../domain/diagnose.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Location } from '../domain/location.ts';
import type { Ports, Repository } from '../ports.ts';
import { locateCrash } from './locate-crash.ts';

export type Found = { location: Location; diagnosis: Diagnosis };

/** 1. locate the frames at `base`  2. read the suspect's line  3. diagnose. */
export async function diagnoseCrash(
  ports: Pick<Ports, 'syntax' | 'sourceMaps'>,
  input: { event: CrashEvent; repository: Repository; base: string },
): Promise<Found> {
  const { history } = input.repository;
  const { syntax, sourceMaps } = ports;
  const location = await locateCrash({
    ...input,
    syntax,
    sourceMaps,
    mappings: [],
    ...(history ? { history } : {}),
  });
  const { suspect } = location;
  const text = suspect ? await input.repository.readText(input.base, suspect.path) : null;
  const suspectLine = suspect && text !== null ? (text.split('\n')[suspect.line - 1] ?? null) : null;
  return { location, diagnosis: diagnose({ event: input.event, location, suspectLine }) };
}

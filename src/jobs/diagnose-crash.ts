// From an event to the place and the meaning of a crash: the steps before anything is changed.

import type { CrashEvent } from '../domain/crash/crash-event.ts';
import { diagnose } from '../domain/crash/diagnose.ts';
import type { Diagnosis } from '../domain/crash/diagnosis.ts';
import type { PathMapping } from '../domain/locate/find-path.ts';
import type { Location } from '../domain/crash/location.ts';
import type { Surroundings } from '../domain/crash/surroundings.ts';
import type { Ports, Repository } from '../ports.ts';
import { locateCrash } from './locate-crash.ts';
import { lookAround } from './look-around.ts';

/** `surroundings` is null without a suspect, and where the repository knows no history. */
export type Found = { location: Location; diagnosis: Diagnosis; surroundings: Surroundings | null };

export type DiagnoseInput = {
  event: CrashEvent;
  repository: Repository;
  base: string;
  /** The operator's own code mappings. */
  mappings?: readonly PathMapping[];
};

/** 1. locate the frames at `base`  2. read the suspect's line  3. look round it  4. diagnose. */
export async function diagnoseCrash(
  ports: Pick<Ports, 'syntax' | 'sourceMaps'>,
  input: DiagnoseInput,
): Promise<Found> {
  const { history } = input.repository;
  const { syntax, sourceMaps } = ports;
  const location = await locateCrash({
    ...input,
    syntax,
    sourceMaps,
    mappings: input.mappings ?? [],
    ...(history ? { history } : {}),
  });
  const { suspect } = location;
  const text = suspect ? await input.repository.readText(input.base, suspect.path) : null;
  const suspectLine = suspect && text !== null ? (text.split('\n')[suspect.line - 1] ?? null) : null;
  const surroundings = history ? await lookAround({ ...input, location, history, syntax }) : null;
  const diagnosis = diagnose({ event: input.event, location, suspectLine, surroundings });
  return { location, diagnosis, surroundings };
}

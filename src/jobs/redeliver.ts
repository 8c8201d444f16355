// Asks the code host to send again what it could not deliver while nobody listened here. What comes then comes through
// the door like anything else, under its old name, so what had arrived after all changes nothing.

import { Refusal } from '../domain/failure.ts';
import { toTryAgain } from '../domain/redelivery.ts';
import type { JobData, Ports } from '../ports.ts';

type Needs = Pick<Ports, 'missed' | 'clock' | 'log'>;

/** 1. the host's record  2. those that never arrived  3. each asked for once. */
export async function redeliver(ports: Needs, data: JobData['redeliver']): Promise<void> {
  const tries = await ports.missed.readTries(data.since);
  const wanted = toTryAgain(tries, ports.clock.now());
  for (const { id, delivery } of wanted) await ask(ports, id, delivery);
  if (wanted.length > 0)
    ports.log.info({ deliveries: wanted.length }, 'asked the code host to send again what had not arrived');
}

/** One that the host has forgotten meanwhile must not keep the others from coming. */
async function ask(ports: Needs, id: number, delivery: string): Promise<void> {
  try {
    await ports.missed.tryAgain(id);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ports.log.warn({ delivery, reason: error.message }, 'a delivery cannot be sent again');
  }
}

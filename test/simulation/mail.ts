// The post between host, source and Suture: deliveries on their way, those that failed, and the host's record of them.
// It carries; it must not know what a delivery says.

import { keptMs, type DeliveryTry } from '../../src/domain/redelivery.ts';
import { Refusal } from '../../src/domain/failure.ts';
import type { Happening, MissedDeliveries } from '../../src/ports.ts';

/** What happens to the next deliveries, one after the other. */
export type Luck = 'fine' | 'lost' | 'doubled' | 'late';

type Sender = 'github' | 'sentry';

export type Delivery = {
  /** The same for every try. */
  id: string;
  from: Sender;
  happening: Happening;
  /** When it comes. */
  at: number;
  again: boolean;
};

export type Mail = {
  onTheWay: Delivery[];
  luck: Luck[];
  /** Everything the host ever sent, for its record and for people who send something again. */
  sent: Map<string, Delivery>;
  tries: DeliveryTry[];
  /** What was sent last: whoever caused it can find out what became of it. */
  last: Happening | null;
  /** The source forgets what it could not deliver. */
  forgotten: Set<Happening>;
  names: number;
};

export function newMail(): Mail {
  return {
    onTheWay: [],
    luck: [],
    sent: new Map(),
    tries: [],
    last: null,
    forgotten: new Set(),
    names: 0,
  };
}

export function post(mail: Mail, from: Sender, letter: { happening: Happening; now: number }): void {
  const { happening, now } = letter;
  const delivery = { id: `d${(mail.names += 1)}`, from, happening, at: now, again: false };
  mail.last = happening;
  if (from === 'github') mail.sent.set(delivery.id, delivery);
  send(mail, delivery, now);
}

const lateMs = 20 * 60_000;
const doubledMs = 5 * 60_000;

function send(mail: Mail, delivery: Delivery, now: number): void {
  const luck = mail.luck.shift() ?? 'fine';
  if (luck === 'lost') return fail(mail, delivery, now);
  mail.onTheWay.push(luck === 'late' ? { ...delivery, at: now + lateMs } : delivery);
  if (luck === 'doubled') mail.onTheWay.push({ ...delivery, at: now + doubledMs });
}

/** Nobody took it. The host keeps what it could not deliver; the source does not. */
export function fail(mail: Mail, delivery: Delivery, now: number): void {
  if (delivery.from === 'sentry') mail.forgotten.add(delivery.happening);
  else note(mail, delivery, { at: now, arrived: false });
}

/** It was taken. */
export function arrive(mail: Mail, delivery: Delivery, now: number): void {
  if (delivery.from === 'github') note(mail, delivery, { at: now, arrived: true });
}

function note(mail: Mail, delivery: Delivery, how: { at: number; arrived: boolean }): void {
  const { id, again } = delivery;
  mail.tries.push({ id: (mail.names += 1), delivery: id, again, ...how });
}

/** Takes it off the way; whoever does says what became of it. */
export function take(mail: Mail, delivery: Delivery): void {
  mail.onTheWay = mail.onTheWay.filter((other) => other !== delivery);
}

/** Sends an earlier delivery again, as the host does when anybody asks. */
export function sendAgain(mail: Mail, id: string, now: number): void {
  const first = mail.sent.get(id);
  if (first) send(mail, { ...first, at: now, again: true }, now);
}

/** True when it never arrives any more: nobody took it, and it is asked for again no more, or no more kept. */
export function isLost(mail: Mail, happening: Happening, now: number): boolean {
  if (mail.forgotten.has(happening)) return true;
  const id = [...mail.sent.values()].find((known) => known.happening === happening)?.id;
  const tries = mail.tries.filter((one) => one.delivery === id);
  if (tries.length === 0 || tries.some(({ arrived }) => arrived)) return false;
  return tries.some(({ again }) => again) || !tries.some((one) => isKept(one, now));
}

/** The host forgets what it tried longer ago (reference github.md, 2.3). */
function isKept({ at }: DeliveryTry, now: number): boolean {
  return now - at < keptMs;
}

export function isAnyLost(mail: Mail, now: number): boolean {
  return (
    mail.forgotten.size > 0 || [...mail.sent.values()].some(({ happening }) => isLost(mail, happening, now))
  );
}

/** The host's record, as Suture may read it. */
export function memoryMissed(mail: Mail, now: () => number): MissedDeliveries {
  return {
    readTries: async (since) =>
      mail.tries.filter((one) => one.at >= since && isKept(one, now())).toReversed(),
    tryAgain: async (id) => {
      const known = mail.tries.find((one) => one.id === id && isKept(one, now()));
      if (!known) throw new Refusal(`The host has no delivery ${id} any more.`);
      sendAgain(mail, known.delivery, now());
    },
  };
}

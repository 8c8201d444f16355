// Which deliveries the host is asked to send again. It must not ask by itself, and it believes the host's own record
// alone, so that an empty database asks for nothing twice.

/** One try of the host to deliver something. Tries of the same delivery share a name. */
export type DeliveryTry = {
  id: number;
  /** The delivery's own name: under it we store it once, however often it comes. */
  delivery: string;
  at: number;
  /** True when somebody asked for this try. */
  again: boolean;
  /** We took it. */
  arrived: boolean;
};

/** So long the host keeps a delivery (reference github.md, 2.3). */
export const keptMs = 3 * 24 * 60 * 60_000;

/** A turn asks for so many at most; the next one goes on. */
const mostAtOnce = 100;

/**
 * The last try of every delivery that failed, never arrived, and was never asked for before: each is asked for once.
 * Oldest first; nothing that the host has forgotten by now.
 */
export function toTryAgain(tries: readonly DeliveryTry[], now: number): DeliveryTry[] {
  const deliveries = Map.groupBy(
    tries.filter(({ at }) => now - at < keptMs),
    ({ delivery }) => delivery,
  );
  return [...deliveries.values()]
    .filter((known) => known.every(({ arrived, again }) => !arrived && !again))
    .flatMap((known) => known.toSorted((left, right) => right.at - left.at).slice(0, 1))
    .toSorted((left, right) => left.at - right.at)
    .slice(0, mostAtOnce);
}

// Numbers that look random and are the same for the same seed, so that a history can be played again.
// It must not be used for anything secret.

export type Random = {
  /** An integer from 0 to `below - 1`. */
  below(below: number): number;
  /** True with this probability (0 to 1). */
  chance(probability: number): boolean;
};

/** mulberry32: small, fast, and good enough to shuffle a schedule. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { below: (below) => Math.floor(next() * below), chance: (probability) => next() < probability };
}

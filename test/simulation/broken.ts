// How a check says what did not hold.

/** The number of a promise (0: nothing is left half done), or the name of what holds beside them. */
export type Rule = number | 'watch' | 'ledger' | 'summary' | 'life' | 'limits' | 'seen';

export class Broken extends Error {
  override name = 'Broken';
  readonly promise: Rule;
  constructor(promise: Rule, message: string) {
    super(typeof promise === 'number' ? `promise ${promise}: ${message}` : `${promise}: ${message}`);
    this.promise = promise;
  }
}

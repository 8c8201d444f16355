// What a change is, in finished sentences, as the fixer that made it says.

export type FixDescription = {
  /** For the title, imperative and lower case: `return early when a row has no session`. */
  summary: string;
  rootCause: string;
  change: string;
  /** The template or agent: `T1`, `agent claude`. */
  strategy: string;
  /** Set when the change guards a symptom: where the cause is, a finished sentence. */
  symptom: string | null;
};

// What is remembered of one fixer's turn at a problem, for the record. Pure data; stats.ts counts it.

/** What an agent used up; null where nothing is paid for. */
export type Cost = { tokens: number; dollars: number };

export type Attempt = {
  fixer: string;
  /** The template or agent that made the change; null when none was made. */
  strategy: string | null;
  outcome: 'fixed' | 'refused' | 'failed';
  /** Changes that were judged. */
  tries: number;
  cost: Cost | null;
};

/** What several turns used up together; null when none was paid for. */
export function sumOf(costs: readonly (Cost | null | undefined)[]): Cost | null {
  const paid = costs.flatMap((cost) => cost ?? []);
  if (paid.length === 0) return null;
  return {
    tokens: paid.reduce((sum, cost) => sum + cost.tokens, 0),
    dollars: paid.reduce((sum, cost) => sum + cost.dollars, 0),
  };
}

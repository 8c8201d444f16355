// Sorts the arguments of a test runner: what is kept when it is started for some files only, and what stands by itself.

export type OptionRules = {
  /** Their value is the next word. */
  valued: RegExp;
  /** Those that report, measure or watch; ours take their place. */
  dropped: RegExp;
  /** With these nobody can say which tests are meant. */
  refused: RegExp;
  /** A word that stands behind an option that is not known may be its value, so nobody can say. */
  strict: boolean;
};

/** `others`: words that are neither an option nor the value of one. Null when nobody can say. */
export function optionsOf(
  words: readonly string[],
  rules: OptionRules,
): { options: string[]; others: string[] } | null {
  const options: string[] = [];
  const others: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', next] = words.slice(at, at + 2);
    if (!word.startsWith('-')) {
      others.push(word);
      continue;
    }
    const taken = optionAt(word, next, rules);
    if (taken === null) return null;
    if (!rules.dropped.test(word)) options.push(...taken);
    at += taken.length - 1;
  }
  return { options, others };
}

/** The option with its value. */
function optionAt(
  word: string,
  next: string | undefined,
  { valued, refused, strict }: OptionRules,
): string[] | null {
  if (word === '--' || refused.test(word)) return null;
  if (valued.test(word)) return next === undefined ? null : [word, next];
  const isPlain = word.includes('=') || next === undefined || next.startsWith('-');
  return strict && !isPlain ? null : [word];
}

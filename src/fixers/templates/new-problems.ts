// What a compiler says after a change that it did not say before.
// It must not judge what it says.

/** Equal texts count as often as they stand there. */
export function newProblems(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after.filter((problem) => {
    const at = left.indexOf(problem);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

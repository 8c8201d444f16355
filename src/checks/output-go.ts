// Reads failures out of what Go's programs print. A name carries no line number and no duration.

/** `store.go: undefined: Basket`, from the compiler and from vet. */
export function goErrors(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, file, text] = /^(?:vet: )?(\S+\.go):\d+:(?:\d+:)? (.+)$/.exec(line) ?? [];
    return file && text ? [`${file.replace(/^\.\//, '')}: ${text}`] : [];
  });
}

/** `TestTotals/empty`, the innermost first as Go prints them, and packages that did not build. */
export function goTests(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const test = /^\s*--- FAIL: (\S+)/.exec(line)?.[1];
    const unbuilt = /^FAIL\s+(\S+) \[(?:build|setup) failed\]/.exec(line)?.[1];
    return test ? [test] : unbuilt ? [`${unbuilt} does not build`] : [];
  });
}

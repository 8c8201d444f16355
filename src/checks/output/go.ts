// Reads failures out of what Go's programs print. A name carries no line number and no duration.

/** `store.go: undefined: Basket`, from the compiler and from vet. */
export function goErrors(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, file, text] = /^(?:vet: )?(\S+\.go):\d+:(?:\d+:)? (.+)$/.exec(line) ?? [];
    return file && text ? [`${file.replace(/^\.\//, '')}: ${text}`] : [];
  });
}

/**
 * `example.org/shop/cart TestTotals/empty`, and packages that did not build. Two packages may have
 * tests of one name, and Go names a package after its tests.
 */
export function goTests(lines: readonly string[]): string[] {
  const names: string[] = [];
  let tests: string[] = [];
  for (const line of lines) {
    const test = /^\s*--- FAIL: (\S+)/.exec(line)?.[1];
    if (test) tests.push(test);
    const [, named, unbuilt] = /^(?:FAIL|ok) *\t(\S+)(?:\s+(\[(?:build|setup) failed\]))?/.exec(line) ?? [];
    if (!named) continue;
    if (unbuilt) names.push(`${named} does not build`);
    names.push(...tests.map((one) => `${named} ${one}`));
    tests = [];
  }
  return [...names, ...tests];
}

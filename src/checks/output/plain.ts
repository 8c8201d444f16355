// Reads failing tests in plain TAP, as tape, qunit and mocha's reporter print it, and in the output of jasmine.
// It must not run anything.

/** `suite > test`, or below tape's heading `# a test`: `a test > should be equal`. */
export function plainTapTests(lines: readonly string[]): string[] {
  if (!lines.some((line) => /^1\.\.\d+/.test(line))) return [];
  let heading = '';
  return lines.flatMap((line) => {
    heading = /^# (.+)$/.exec(line)?.[1] ?? heading;
    const name = /^not ok \d+ (?!- )(.+)$/.exec(line)?.[1];
    if (name === undefined || / # (?:TODO|SKIP)\b/i.test(name)) return [];
    return [[heading, name.trim()].filter(Boolean).join(' > ')];
  });
}

/** After `Failures:`, `1) suite test` at the beginning of a line. */
export function jasmineTests(lines: readonly string[]): string[] {
  const start = lines.indexOf('Failures:');
  if (start < 0 || !lines.some((line) => /^\d+ specs?, \d+ failures?/.test(line))) return [];
  return lines.slice(start + 1).flatMap((line) => /^\d+\) (.+)$/.exec(line)?.[1] ?? []);
}

// Reads errors and failing tests in cargo's output. It must not run anything.

/** `src/main.rs E0308 mismatched types`; the file stands on the line after the message. */
export function cargoErrors(lines: readonly string[]): string[] {
  return lines.flatMap((line, index) => {
    const error = /^error(?:\[(E\d+)\])?: (.+)$/.exec(line);
    const file = /^\s*--> (.+?):\d+:\d+/.exec(lines[index + 1] ?? '')?.[1];
    if (!error || file === undefined) return [];
    return [[file, error[1], error[2]].filter(Boolean).join(' ')];
  });
}

/** `test cart::totals ... FAILED` */
export function cargoTests(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const name = /^test (\S+)(?: - .+)? \.\.\. FAILED$/.exec(line)?.[1];
    return name === undefined ? [] : [name.split('::').join(' > ')];
  });
}

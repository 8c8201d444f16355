// Reads the errors in tsc's output, plain and pretty. It must not run anything.

const plain = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/;
const pretty = /^(.+?):(\d+):(\d+) - error (TS\d+): (.*)$/;
const global = /^error (TS\d+): (.*)$/;

/** `src/a.ts TS2532 Object is possibly undefined.`; errors without a file begin with the code. */
export function typescriptErrors(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const match = plain.exec(line) ?? pretty.exec(line);
    if (match) return [`${match[1]} ${match[4]} ${match[5]}`];
    const other = global.exec(line);
    return other ? [`${other[1]} ${other[2]}`] : [];
  });
}

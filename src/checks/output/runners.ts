// Reads failing tests in the output of vitest, jest, mocha and ava. It must not run anything.

/** ` FAIL  src/a.test.ts > suite > test` */
export function vitestTests(lines: readonly string[]): string[] {
  const isVitest = lines.some((line) => /^\s*(?:RUN|DEV)\s+v\d/.test(line));
  if (!isVitest) return [];
  return lines.flatMap((line) => {
    const name = /^\s*FAIL\s+(.+?)\s*$/.exec(line)?.[1];
    return name === undefined ? [] : [name.replace(/ \[ .* \]$/, '')];
  });
}

/** `  ● suite › test`, below `FAIL src/a.test.js`; the summary at the end of a long run repeats them. */
export function jestTests(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => line.startsWith('Summary of all failing tests'));
  const names: string[] = [];
  let file = '';
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    file = /^\s*(?:FAIL|PASS)\s+(\S+)/.exec(line)?.[1] ?? file;
    const title = /^ {2}● (.+)$/.exec(line)?.[1]?.trimEnd();
    if (title === undefined || title === 'Console') continue;
    names.push([file, ...title.split(' › ')].filter(Boolean).join(' > '));
  }
  return names;
}

/** After `1 failing`: `  1) suite`, then deeper titles, the last one ending in a colon. */
export function mochaTests(lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => /^\s*\d+ failing/.test(line));
  if (start < 0) return [];
  const names: string[] = [];
  let titles: string[] | null = null;
  for (const line of lines.slice(start + 1)) {
    const first = /^\s{2}\d+\) (.+)$/.exec(line)?.[1];
    if (first !== undefined) titles = [];
    if (!titles) continue;
    const title = (first ?? line).trim();
    titles.push(title.replace(/:$/, ''));
    if (!title.endsWith(':') && title !== '') continue;
    names.push(titles.filter(Boolean).join(' > '));
    titles = null;
  }
  return names;
}

/** `  ✘ [fail]: suite › test`; before its version 4 `  ✖ suite › test Error thrown in test`, and a count at the end. */
export function avaTests(lines: readonly string[]): string[] {
  const named = lines.flatMap((line) => /^\s*[✘✖] \[fail\]: (.+)$/.exec(line)?.[1] ?? []);
  const isOld = named.length === 0 && lines.some((line) => /^\s*\d+ tests? failed$/.test(line));
  const found = isOld ? lines.flatMap((line) => /^ {2}✖ (.+)$/.exec(line)?.[1] ?? []) : named;
  return found.map((name) => name.trim().split(' › ').join(' > '));
}

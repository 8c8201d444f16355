// Reads failing tests in the output of node:test, in its spec and its TAP form. It must not run anything.

const closing = /^( *)([✖✔]) (.+) \(\d+(?:\.\d+)?ms\)(.*)$/;
const opening = /^( *)▶ (.+?)(?: \(\d+(?:\.\d+)?ms\))?$/;

type Suite = { name: string; failedInside: boolean };

/** `suite > test`, read from the tree; the list of details that follows it repeats the same tests. */
export function nodeSpecTests(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => line.startsWith('✖ failing tests:'));
  const open: Suite[] = [];
  const names: string[] = [];
  for (const line of end < 0 ? lines : lines.slice(0, end)) {
    const start = opening.exec(line);
    if (start) {
      open.length = Math.min(open.length, depthOf(start[1], 2));
      open.push({ name: start[2] ?? '', failedInside: false });
      continue;
    }
    const done = closing.exec(line);
    if (done) names.push(...closeSpec(open, done));
  }
  return names;
}

/** A line of a suite closes it; it is a failure of its own only when nothing inside it failed. */
function closeSpec(open: Suite[], [, indent, mark, name = '', rest = '']: RegExpExecArray): string[] {
  const depth = depthOf(indent, 2);
  const suite = open[depth];
  const isSuite = suite?.name === name && open.length === depth + 1;
  open.length = Math.min(open.length, depth);
  if (mark !== '✖' || /# (?:TODO|SKIP)/.test(rest) || (isSuite && suite.failedInside)) return [];
  for (const parent of open) parent.failedInside = true;
  return [[...open.map((parent) => parent.name), name].join(' > ')];
}

const failing = /^( *)not ok \d+ - (.+)$/;
const subtest = /^( *)# Subtest: (.+)$/;

/** `suite > test`; a suite that failed only because of what is in it is left out. */
export function nodeTapTests(lines: readonly string[]): string[] {
  if (!lines.some((line) => line.startsWith('TAP version'))) return [];
  const open: string[] = [];
  const names: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const start = subtest.exec(line);
    if (start) {
      open.length = depthOf(start[1], 4);
      open.push(unescaped(start[2] ?? ''));
    }
    const details = detailsAfter(lines, index);
    const failed = failing.exec(line);
    // Node's own runner tells how long a test took in the block below, tap on the line itself.
    const name = (failed?.[2] ?? '').replace(/ # time=[\d.]+m?s(?: \{)?$/, '');
    const counts =
      failed && !/ # (?:TODO|SKIP)/i.test(name) && !details.includes("failureType: 'subtestsFailed'");
    if (counts) names.push([...open.slice(0, depthOf(failed[1], 4)), unescaped(name)].join(' > '));
    index += details.length;
  }
  return names;
}

/** The block between `---` and `...` after a result: whatever stands in it is no result. */
function detailsAfter(lines: readonly string[], index: number): string[] {
  if (lines[index + 1]?.trim() !== '---') return [];
  const indent = lines[index + 1]?.indexOf('-') ?? 0;
  const end = lines.findIndex((line, at) => at > index && line === `${' '.repeat(indent)}...`);
  return lines.slice(index + 1, end < 0 ? index + 2 : end + 1).map((line) => line.trim());
}

function unescaped(name: string): string {
  return name.replace(/\\([#\\])/g, '$1');
}

function depthOf(indent: string | undefined, width: number): number {
  return Math.floor((indent?.length ?? 0) / width);
}

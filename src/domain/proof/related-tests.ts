// What the proof says where all tests would take too long, and only those that reach the change ran.

type Ran = { passed: boolean; passes?: number };

/** The name of such a row. */
export function relatedName(name: string, files: number): string {
  return `${name}, related to ${files === 1 ? '1 file' : `${files} files`}`;
}

/** In place of what all tests say; `summary` is `more than 3 minutes`. */
export function insteadText(
  { summary, remembered = false }: { summary: string; remembered?: boolean },
  files: number,
): string {
  const known = remembered ? ', as an earlier run showed' : '';
  return `All tests take ${summary} here${known}; those that reach ${changed(files)} ran instead.`;
}

/** Whether a run says nothing, because there was no test in it. */
export function ranNone({ passed, passes }: Ran): boolean {
  return passed && passes === 0;
}

export function noneText(files: number): string {
  return `No test reaches ${changed(files)}, so this proves nothing.`;
}

/** Of tests that came with the change: they are judged by themselves. */
export function onlyNewText(files: number): string {
  return `No test that was there before reaches ${changed(files)}, so this proves nothing.`;
}

function changed(files: number): string {
  return files === 1 ? 'the changed file' : 'the changed files';
}

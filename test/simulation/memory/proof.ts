// Checks and a fixer that read and write plain marks in files: `TYPE-ERROR` and `TEST-FAILS` fail,
// and a file's name says how well the fixer does. The ladder round them is the real one.

import type {
  Check,
  CheckResult,
  Checks,
  Fixer,
  FixerResult,
  FixTask,
  Reproducer,
} from '../../../src/ports.ts';
import type { Disk } from './disk.ts';

const types: Check = { name: 'tsc --noEmit', kind: 'types', command: ['tsc', '--noEmit'], dir: '.' };
const tests: Check = { name: 'npm test', kind: 'tests', command: ['npm', 'test'], dir: '.' };
const marks = { types: 'TYPE-ERROR', tests: 'TEST-FAILS', own: 'OWN-CHECK-FAILS' };

export function memoryChecks(files: (dir: string) => ReadonlyMap<string, string>): Checks {
  const run: Checks['run'] = async (check, dir, stop) => {
    stop?.throwIfAborted();
    const only = new Set(check.command.slice(tests.command.length));
    const asked = [...files(dir)].filter(
      ([path]) => check.kind !== 'tests' || only.size === 0 || only.has(path),
    );
    const failures = failuresIn(new Map(asked), check.kind);
    const summary = failures.length === 0 ? '1 passed' : `${failures.length} failed`;
    const passed = failures.length === 0;
    return { check, passed, timedOut: false, failures, output: failures.join('\n'), ms: 1, summary };
  };
  return {
    find: async () => [types, tests],
    install: async (_dir, _wanted, stop) => {
      stop?.throwIfAborted();
      return [];
    },
    run,
    runAtBase: async (check, dir, { commit, fresh, whole = false }, stop) => {
      const result = await run(check, dir, stop);
      const isAll = check.command.length === tests.command.length && check.kind === 'tests';
      return isAll && isSlow(commit) && !fresh && !whole ? slowly(check) : result;
    },
    // A file's own mark is what its tests say.
    related: async ({ kind }, paths, dir) => {
      if (kind !== 'tests') return null;
      const there = paths.filter((path) => files(dir).has(path));
      return there.length === 0 ? 'none' : { ...tests, command: [...tests.command, ...there] };
    },
    format: async () => null,
    runnerOf: async () => null,
    runOne: async (_path, _dir, stop) => {
      stop?.throwIfAborted();
      return { tests: [], timedOut: false, output: '' };
    },
  };
}

/** At one commit of four all tests take too long. */
function isSlow(commit: string): boolean {
  return /^[0-3]/.test(commit);
}

function slowly(check: Check): CheckResult {
  const summary = 'more than 3 minutes';
  return { check, passed: false, timedOut: true, slow: true, failures: [], output: '', ms: 1, summary };
}

/** What the checks of this kind would say about these files. */
export function failuresIn(files: ReadonlyMap<string, string>, kind: keyof typeof marks): string[] {
  return [...files]
    .filter(([, text]) => text.includes(marks[kind]))
    .map(([path]) => `${path} ${marks[kind]}`)
    .toSorted();
}

/** How the fixer does on a file, by the beginning of the file's name. */
export type Skill = 'good' | 'second' | 'never' | 'protected' | 'refused';

/** `disk` is where its folder lies. */
export function memoryFixer(disk: Disk): Fixer {
  return { name: 'memory', fix: async (task, dir) => change(disk, task, dir) };
}

function change(disk: Disk, task: FixTask, dir: string): FixerResult {
  const { suspect, refusal } = task.location;
  const skill = /([a-z]+)-\w+\.ts$/.exec(suspect?.path ?? '')?.[1] ?? 'good';
  if (suspect === null || refusal !== null || skill === 'refused')
    return { outcome: 'refused', tried: [{ what: 'a guard', why: 'The value is needed further down.' }] };
  const lines = (disk.read(dir, suspect.path) ?? '').split('\n');
  const bad = skill === 'never' || (skill === 'second' && task.previousFailure === null);
  const asked = task.hint ? ` // as asked (${task.hint.length})` : '';
  lines[suspect.line - 1] =
    `  if (data === undefined) return undefined;${bad ? ' // TYPE-ERROR' : ''}${asked}`;
  disk.write(dir, suspect.path, lines.join('\n'));
  if (skill === 'protected') disk.write(dir, '.github/workflows/ci.yml', 'on: push\n');
  const description = {
    summary: 'return early when there is no data',
    rootCause: 'The data is not there yet when the page asks for it.',
    change: 'The function returns early when there is no data.',
    strategy: 'memory',
    symptom: null,
  };
  return { outcome: 'changed', description };
}

/** Writes no test: what a reproduction needs is not in these files. */
export const memoryReproducer: Reproducer = {
  placeOf: async () => null,
  draft: async () => ({ why: 'no test is written here' }),
};

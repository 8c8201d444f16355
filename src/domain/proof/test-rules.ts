// Tests that were loosened: taken out, skipped, or made to assert less.
// Counts lines, so an assertion folded into another one's line may look deleted; that is said, not guessed.

import type { Loosening } from './loosening.ts';
import { isTestPath } from './path-rules.ts';
import type { DiffLine, FileDiff } from './unified-diff.ts';

const assertion =
  /\bexpect(?:Type|TypeOf)?\s*[(.]|\bassert\w*!?\s*[(.]|\bself\.assert\w+\(|^\s*assert\s|\bt\.(?:is|deepEqual|like|truthy|falsy|throws\w*|Error\w*|Fatal\w*|Fail\w*)\(|\.should\b/;
const testCase =
  /^\s*(?:it|test|specify|Deno\.test|Scenario)(?:\.(?:each|concurrent|sequential|fails|skip|only))*\s*[(`]|^\s*#\[(?:\w+::)?test\]|^\s*(?:async\s+)?def test_|^func Test[A-Z]/;
const switchedOff =
  /\b(?:it|test|describe|suite|context|bench)\.(?:concurrent\.)?(?:skip|only|todo|fails|skipIf|runIf)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(|#\[ignore|#\[should_panic|@(?:pytest\.mark|unittest)\.(?:skip|xfail|expectedFailure)|\bpytest\.(?:skip|xfail|importorskip)\(|\bpytestmark\s*=|\bself\.skipTest\(|\bt\.(?:Skip|skip|todo)\w*\(|\bthis\.skip\(|[{,]\s*(?:skip|todo|only):\s*(?:true|['"])/;
const weak =
  /\.(?:toBeDefined|toBeTruthy|toBeTypeOf|toBeInstanceOf|toMatchObject)\(|\.not\.toThrow\(|expect\.anything\(|expect\.any\(|expect\(true\)|assert\(true\)|assert!\(true\)/;

/** What the change took from the tests of this file. Rust keeps tests beside the code, so its files count too. */
export function findLoosenedTests(file: FileDiff): Loosening[] {
  if (!isTestPath(file.from ?? file.path) && !isTestPath(file.path) && !file.path.endsWith('.rs')) return [];
  if (file.isDeleted) return [{ line: 1, what: 'a deleted test file' }];
  return [
    ...lessOf(file, testCase, 'a deleted test'),
    ...lessOf(file, assertion, 'a deleted assertion'),
    ...added(file, switchedOff, 'a test that is skipped or singled out'),
    ...weakened(file),
  ];
}

function linesOf(file: FileDiff, kind: DiffLine['kind'], pattern: RegExp): DiffLine[] {
  return file.hunks
    .flat()
    .filter((line) => line.kind === kind && pattern.test(line.text) && !/^\s*(?:\/\/|\*)/.test(line.text));
}

/** More went than came; lines that only moved pair off. */
function lessOf(file: FileDiff, pattern: RegExp, what: string): Loosening[] {
  const came = linesOf(file, 'added', pattern).map((line) => line.text.trim());
  const went = linesOf(file, 'removed', pattern).filter((line) => !came.includes(line.text.trim()));
  const fresh = came.length - linesOf(file, 'removed', pattern).length + went.length;
  return went.slice(Math.max(0, fresh)).map((line) => ({ line: line.line, what }));
}

function added(file: FileDiff, pattern: RegExp, what: string): Loosening[] {
  return linesOf(file, 'added', pattern).map((line) => ({ line: line.line, what }));
}

/** A weak matcher where the same subject had a stronger one. */
function weakened(file: FileDiff): Loosening[] {
  const strong = new Set(
    linesOf(file, 'removed', assertion)
      .filter((line) => !weak.test(line.text))
      .map((line) => subjectOf(line.text)),
  );
  return linesOf(file, 'added', weak)
    .filter((line) => /expect\(true\)|assert!?\(true\)/.test(line.text) || strong.has(subjectOf(line.text)))
    .map((line) => ({ line: line.line, what: 'an assertion that asserts less' }));
}

function subjectOf(text: string): string {
  return /\bexpect\((.*?)\)\s*\.(?:not\.|resolves\.|rejects\.)*to/.exec(text)?.[1] ?? text.trim();
}

import { describe, expect, it } from 'vitest';
import type { LocatedFrame } from '../../src/domain/crash/location.ts';
import { distinctivePieces } from '../../src/domain/locate/message-search.ts';
import { evidenceOf } from '../../src/domain/locate/message-evidence.ts';
import { judgeBlindLine } from '../../src/domain/locate/without-context.ts';
import { eventOf, exceptionOf } from './crash-samples.ts';

const lines = [
  'fn read() {',
  '    first().unwrap();',
  '    match kind {',
  '        A => 1,',
  ...Array.from({ length: 20 }, (_, at) => `        B${at} => ${at},`),
  '        _ => unreachable!(),',
  '    }',
  '}',
  'fn write() {',
  '    let file = open().expect("failed to open the editor");',
  '}',
];

const located = (line: number): LocatedFrame => ({
  index: 0,
  function: null,
  reported: { path: 'src/a.rs', line, column: null },
  inApp: true,
  path: 'src/a.rs',
  line,
  rule: 'exact path',
  confidence: 0.97,
  contextMatches: null,
});

const judge = (
  line: number,
  message: string | null,
  namesakes = [] as { startLine: number; endLine: number }[],
  column: number | null = null,
) => {
  const judged = judgeBlindLine({
    located: located(line),
    lines,
    language: 'rust',
    innermost: true,
    column,
    namesakes,
    evidence: evidenceOf(message, 'rust'),
  });
  return [judged.line, judged.rule, Math.round(judged.confidence * 100)];
};

describe('a line without a source line to confirm it', () => {
  it('stays when the message fits it, and is surer then', () => {
    expect(judge(2, 'called `Option::unwrap()` on a `None` value')).toEqual([2, 'exact path', 98]);
    expect(judge(29, 'failed to open the editor: Os { code: 2 }')).toEqual([29, 'exact path', 98]);
  });

  it('stays when the message asks for nothing, or for words that come from elsewhere', () => {
    expect(judge(4, null)).toEqual([4, 'exact path', 97]);
    expect(judge(4, 'permission denied by the system')).toEqual([4, 'exact path', 97]);
  });

  it('moves to the one line nearby that the message speaks of', () => {
    expect(judge(18, 'internal error: entered unreachable code')).toEqual([25, 'exact path, message', 75]);
  });

  it('moves to what stands at the column that the event saw, and to nothing else', () => {
    const unreachable = 'internal error: entered unreachable code';
    expect(judge(18, unreachable, [], 14)).toEqual([25, 'exact path, message', 75]);
    expect(judge(18, unreachable, [], 30)).toEqual([18, 'exact path, message not there', 58]);
    const unwrap = 'called `Option::unwrap()` on a `None` value';
    expect(judge(9, unwrap, [], 13)).toEqual([2, 'exact path, message', 75]);
  });

  it('is doubted when nothing in the file shows it', () => {
    expect(judge(18, 'not yet implemented')).toEqual([18, 'exact path, message not there', 58]);
  });

  it('is given up when the function of the frame stands elsewhere', () => {
    expect(judge(4, null, [{ startLine: 28, endLine: 30 }])).toEqual([
      null,
      'exact path, function elsewhere',
      97,
    ]);
  });

  it('moves into the function when the message settles where', () => {
    expect(judge(4, 'failed to open the editor: x', [{ startLine: 28, endLine: 30 }])).toEqual([
      29,
      'exact path, message',
      75,
    ]);
  });
});

describe('the telling words of a message', () => {
  it.each([
    ['failed to open the editor: Os { code: 2 }', ['failed to open the editor']],
    ['Row 17 of "cart" has no price tag at all', ['has no price tag at all']],
    ['Cannot read properties of undefined (reading x)', []],
    ['short one', []],
  ])('%s', (message, expected) => {
    expect(pieces(message)).toEqual(expected);
  });

  it('count a culprit that is a name in code', () => {
    expect(pieces('short', 'get_issue_tag_values')).toEqual(['get_issue_tag_values']);
    expect(pieces('short', 'GET /rows')).toEqual([]);
  });
});

function pieces(value: string, culprit: string | null = null): string[] {
  return distinctivePieces(eventOf({ culprit, exceptions: [exceptionOf({ value })] }));
}

import { describe, expect, it } from 'vitest';
import { ownersOf } from '../../src/domain/locate/code-owners.ts';
import { brokenExpression, valueOrigin } from '../../src/domain/locate/value-origin.ts';

const reading = (member: string) => `Cannot read properties of undefined (reading '${member}')`;

describe('the expression that broke', () => {
  it.each([
    [reading('status'), '  return row.session.status;', 'row.session'],
    [reading('status'), '  return rows[0].status;', 'rows[0]'],
    [reading('status'), '  if (isOpen(rows.find(open)!.status)) {', 'rows.find(open)'],
    [
      "Cannot read property 'data' of undefined",
      '    const lastCommitMeta = lastCommit.data[0]',
      'lastCommit',
    ],
    ["'NoneType' object has no attribute 'name'", '    return user.team.name', 'user.team'],
    ['called `Option::unwrap()` on a `None` value', '    let first = rows.first().unwrap();', 'rows.first()'],
    ["undefined is not an object (evaluating 'row.session.status')", 'x = row.session.status', 'row.session'],
    ['events is not iterable', '  for (const event of events) {', 'events'],
  ])('%s in %s', (message, line, expression) => {
    expect(brokenExpression(message, line)).toBe(expression);
  });

  it.each([
    ['two of them', reading('status'), 'return a.status === b.status;'],
    ['none of them', reading('status'), 'const { status } = row;'],
    ['no member', 'Something failed', 'return row.status;'],
  ])('is unknown with %s', (_, message, line) => {
    expect(brokenExpression(message, line)).toBeNull();
  });
});

describe('one step back', () => {
  const lines = [
    'function refresh(rows, options) {',
    '  const row = rows.find(isOpen);',
    '  log(row);',
    '  if (row.id === 1) {}',
    '  return row.status;',
    '}',
    'function other(row) {',
    '  go();',
    '  return row.status;',
    '}',
  ];

  it('leads to where the name got its value', () => {
    expect(valueOrigin({ message: reading('status'), lines, line: 5, functionStart: 1 })).toEqual({
      expression: 'row',
      line: 2,
      text: 'const row = rows.find(isOpen);',
      argument: false,
    });
  });

  it('leads to the function’s head when the value was handed in', () => {
    expect(valueOrigin({ message: reading('status'), lines, line: 9, functionStart: 7 })).toEqual({
      expression: 'row',
      line: 7,
      text: 'function other(row) {',
      argument: true,
    });
  });

  it('stops at the function’s head, and knows nothing of `this`', () => {
    expect(
      valueOrigin({
        message: reading('status'),
        lines: ['row = 1', 'function a() {', '  row.status'],
        line: 3,
        functionStart: 2,
      }),
    ).toBeNull();
    expect(
      valueOrigin({
        message: reading('status'),
        lines: ['this.row = 1', 'this.row.status'],
        line: 2,
        functionStart: null,
      }),
    ).toBeNull();
  });
});

describe('CODEOWNERS', () => {
  const text = [
    '# comment',
    '*            @org/all',
    '*.ts         @org/web # trailing',
    '/src/api/    @org/api',
    'docs/*       docs@example.com',
    'apps/        @org/apps',
    '/build/**/logs @ops',
    'src/secret.ts',
    'broken line <img>',
    '',
  ].join('\n');

  it.each([
    ['README.md', ['@org/all']],
    ['src/cart.ts', ['@org/web']],
    ['src/api/deep/cart.ts', ['@org/api']],
    ['lib/src/api/cart.js', ['@org/all']],
    ['docs/intro.md', ['docs@example.com']],
    ['docs/deep/intro.md', ['@org/all']],
    ['x/apps/shop/main.go', ['@org/apps']],
    ['build/a/b/logs/today.txt', ['@ops']],
    ['src/secret.ts', []],
  ])('%s', (path, owners) => {
    expect(ownersOf(text, path)).toEqual(owners);
  });

  it('is quick with patterns made to be slow', () => {
    const slow = `${'*a'.repeat(150)} @x\n${'**/'.repeat(30)}z @x`;
    expect(ownersOf(slow, `${'a'.repeat(140)}b/${'a/'.repeat(60)}b`)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { createSyntax } from '../../src/syntax/ast-grep.ts';

const syntax = createSyntax();

function at(path: string, lines: readonly string[], line: number): string | null | undefined {
  return syntax.enclosingFunction(path, lines.join('\n'), line)?.name;
}

describe('the function round a line: JavaScript and TypeScript', () => {
  const text = [
    'class Fleet extends Base {',
    '  async refresh(rows: Row[]) {',
    '    return rows.map((row) => {',
    '      return row.status;',
    '    });',
    '  }',
    '  close = async () => {',
    '    await this.end();',
    '  };',
    '}',
    'export default async function* rows() {',
    '  yield 1;',
    '}',
    'module.exports.total = function (rows) {',
    '  const first = (rows) => rows[0].sum;',
    '  return first(rows);',
    '};',
    'const handlers = {',
    '  onClick: () => {',
    '    go();',
    '  },',
    '};',
    'start();',
  ];

  it.each([
    [2, 'refresh'],
    [4, 'refresh'],
    [8, 'close'],
    [11, 'rows'],
    [12, 'rows'],
    [15, 'first'],
    [16, 'module.exports.total'],
    [20, 'onClick'],
    [23, undefined],
    [99, undefined],
    [0, undefined],
  ])('line %i is in %s', (line, name) => {
    expect(at('src/fleet.ts', text, line)).toBe(name);
  });

  it('says where the function begins and ends', () => {
    expect(syntax.enclosingFunction('a.ts', text.join('\n'), 4)).toEqual({
      name: 'refresh',
      startLine: 2,
      endLine: 6,
    });
  });

  it('reads components with markup', () => {
    const component = ['export const Row = ({ row }: Props) => (', '  <td>{row.status}</td>', ');'];
    expect(at('Row.tsx', component, 2)).toBe('Row');
    expect(at('Row.jsx', ['function Row({ row }) {', '  return <td>{row.status}</td>;', '}'], 2)).toBe('Row');
  });

  it('knows a function without any name', () => {
    expect(syntax.enclosingFunction('a.js', '[1].map(function () {\n  go();\n});\n', 2)).toEqual({
      name: null,
      startLine: 1,
      endLine: 3,
    });
  });

  it('says nothing about languages it does not parse', () => {
    expect(at('README.md', ['function a() {', ' x', '}'], 2)).toBeUndefined();
  });
});

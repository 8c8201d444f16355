import { describe, expect, it } from 'vitest';
import { createSyntax } from '../../src/syntax/syntax.ts';

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
    [16, 'total'],
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

  it.each([
    ['const Row = React.memo(({ row }) => {', 'Row'],
    ['const close = useCallback(async () => {', 'close'],
    ['Cart.prototype.total = function () {', 'total'],
    ['const rows = list.map((row) => {', null],
    ['module.exports = function () {', null],
  ])('takes the name from %s', (head, name) => {
    const tail = '}'.padEnd(1 + head.split('(').length - head.split(')').length, ')');
    expect(at('a.js', [head, '  return row.status;', tail], 2) ?? null).toBe(name);
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

describe('the function round a line: other languages', () => {
  const rust = [
    'impl Reader for Store {',
    '    fn read(&self) -> u8 {',
    '        let first = |bytes: &[u8]| {',
    '            bytes[0]',
    '        };',
    '        first(&self.bytes)',
    '    }',
    '}',
    'async fn poll() {',
    '    work().await',
    '}',
  ];
  const python = [
    'class Store:',
    '    def read(self):',
    '        first = lambda rows: (',
    '            rows[0]',
    '        )',
    '        return first(self.rows)',
    '',
    'async def poll():',
    '    await work()',
    'poll()',
  ];
  const go = [
    'package store',
    'func (s *Store) Read() byte {',
    '\tfunc() {',
    '\t\twork()',
    '\t}()',
    '\treturn s.rows[0]',
    '}',
    'var open = func() {',
    '\twork()',
    '}',
  ];
  const java = [
    'class Store {',
    '  Store(int size) {',
    '    rows = new int[size];',
    '  }',
    '  int read() {',
    '    return rows.get(() -> {',
    '      return 1;',
    '    });',
    '  }',
    '}',
  ];

  it.each([
    ['src/store.rs', rust, 4, 'first'],
    ['src/store.rs', rust, 6, 'read'],
    ['src/store.rs', rust, 10, 'poll'],
    ['src/store.rs', rust, 1, undefined],
    ['store.py', python, 4, 'first'],
    ['store.py', python, 6, 'read'],
    ['store.py', python, 9, 'poll'],
    ['store.py', python, 10, undefined],
    ['store.go', go, 4, 'Read'],
    ['store.go', go, 6, 'Read'],
    ['store.go', go, 9, 'open'],
    ['Store.java', java, 3, 'Store'],
    ['Store.java', java, 7, 'read'],
  ])('%s line %#', (path, text, line, name) => {
    expect(at(path, text, line)).toBe(name);
  });

  const kotlin = [
    'class Store {',
    '  fun <T> List<T>.read(at: Int): T {',
    '    if (at < 0) {',
    '      return this[at]',
    '    }',
    '    return first()',
    '  }',
    '}',
  ];
  const csharp = [
    'namespace Shop {',
    '  class Store {',
    '    public async Task<int> Read(int at)',
    '    {',
    '      foreach (var row in rows)',
    '      {',
    '        return row[at];',
    '      }',
    '    }',
    '  }',
    '}',
  ];
  const php = [
    '<?php',
    'class Store {',
    '  public function read(int $at) {',
    '    return $this->rows[$at];',
    '  }',
    '}',
  ];
  const ruby = [
    'class Store',
    '  def read(at)',
    '    rows.each do |row|',
    '      row[at]',
    '    end',
    '  end',
    '  def self.open = new',
    'end',
  ];
  const swift = [
    'class Store {',
    '  init(size: Int) {',
    '    rows = []',
    '  }',
    '  func read(at: Int) -> Int {',
    '    return rows[at]',
    '  }',
    '}',
  ];
  const dart = [
    'class Store {',
    '  Future<int> read(int at) async {',
    '    for (final row in rows) {',
    '      return row[at];',
    '    }',
    '  }',
    '}',
  ];

  it.each([
    ['Store.kt', kotlin, 4, { name: 'read', startLine: 2, endLine: 7 }],
    ['Store.cs', csharp, 7, { name: 'Read', startLine: 3, endLine: 9 }],
    ['Store.php', php, 4, { name: 'read', startLine: 3, endLine: 5 }],
    ['store.rb', ruby, 4, { name: 'read', startLine: 2, endLine: 6 }],
    ['Store.swift', swift, 3, { name: 'init', startLine: 2, endLine: 4 }],
    ['Store.swift', swift, 6, { name: 'read', startLine: 5, endLine: 7 }],
    ['store.dart', dart, 4, { name: 'read', startLine: 2, endLine: 6 }],
    ['Store.kt', kotlin, 8, null],
    ['Store.kt', kotlin, 99, null],
  ])('%s by its lines %#', (path, text, line, found) => {
    expect(syntax.enclosingFunction(path, text.join('\n'), line)).toEqual(found);
  });
});

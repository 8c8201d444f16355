import { beforeAll, describe, expect, it } from 'vitest';
import { createSyntax } from '../../src/syntax/syntax.ts';

const syntax = createSyntax();

beforeAll(() => syntax.prepare(['a.cs', 'a.php', 'a.rb', 'a.swift', 'a.dart', 'a.ts', 'README.md']));

/** Shapes that the look of the lines does not show: heads over several lines, no indentation, names that are calls. */
const csharp = `namespace Shop;
class Store : Base {
public Store(
    int size,
    string name) : base(name) {
rows = new int[size];
}
public int Count => rows.Length;
async Task<List<Row>> Read<T>(
    T at,
    Func<T, int> by) where T : struct
{
var total = (int x) => {
return x.Sum();
};
int Inner() {
return 1;
}
return await rows.Load(total, Inner);
}
}`;

const php = `<?php
namespace Shop;
class Store {
public function &read(
    int $at,
    ?array $rows = [],
): ?int
{
$first = function ($row) use ($at) {
return $row[$at];
};
return $first($rows);
}
}
function total() { return array_map(fn ($row) => $row->sum, $rows); }`;

const ruby = `class Store
def read(at,
         by: nil)
rows.each do |row|
row[at]
end
end
def self.open(path) = new(path)
def empty? = rows.none? { |row|
  row.any? }
private def close
@file.close
end
end
start`;

const swift = `class Store {
var first: Row {
return rows[0]
}
init?(
  size: Int
) {
rows = []
}
func read<T>(
  at: Int,
  by: (T) -> Int
) throws -> Int {
let total = { (row: Row) in
return row.sum
}
return rows.map(total)[at]
}
deinit {
close()
}
}`;

const dart = `class Store extends State<Shop> {
Store.empty(
  this.size,
) {
open();
}
int get first => rows
    .first;
@override
Widget build(
  BuildContext context,
) {
return Button(onTap: () {
crash();
});
}
Future<void> load() async {
final total = (Row row) {
return row.sum;
};
}
}
void main() {
run();
}`;

describe('the function round a line, by the tree', () => {
  it.each([
    ['Store.cs', csharp, 6, { name: 'Store', startLine: 3, endLine: 7 }],
    ['Store.cs', csharp, 8, { name: 'Count', startLine: 8, endLine: 8 }],
    ['Store.cs', csharp, 14, { name: 'total', startLine: 13, endLine: 15 }],
    ['Store.cs', csharp, 17, { name: 'Inner', startLine: 16, endLine: 18 }],
    ['Store.cs', csharp, 19, { name: 'Read', startLine: 9, endLine: 20 }],
    ['Store.cs', csharp, 21, null],
    ['Store.php', php, 10, { name: '$first', startLine: 9, endLine: 11 }],
    ['Store.php', php, 12, { name: 'read', startLine: 4, endLine: 13 }],
    ['Store.php', php, 15, { name: 'total', startLine: 15, endLine: 15 }],
    ['Store.php', php, 2, null],
    ['store.rb', ruby, 5, { name: 'read', startLine: 2, endLine: 7 }],
    ['store.rb', ruby, 8, { name: 'open', startLine: 8, endLine: 8 }],
    ['store.rb', ruby, 10, { name: 'empty?', startLine: 9, endLine: 10 }],
    ['store.rb', ruby, 12, { name: 'close', startLine: 11, endLine: 13 }],
    ['store.rb', ruby, 15, null],
    ['Store.swift', swift, 3, { name: 'first', startLine: 2, endLine: 4 }],
    ['Store.swift', swift, 8, { name: 'init', startLine: 5, endLine: 9 }],
    ['Store.swift', swift, 15, { name: 'total', startLine: 14, endLine: 16 }],
    ['Store.swift', swift, 17, { name: 'read', startLine: 10, endLine: 18 }],
    ['Store.swift', swift, 20, { name: 'deinit', startLine: 19, endLine: 21 }],
    ['store.dart', dart, 8, { name: 'first', startLine: 7, endLine: 8 }],
    ['store.dart', dart, 11, { name: 'build', startLine: 10, endLine: 16 }],
    ['store.dart', dart, 14, { name: 'build', startLine: 10, endLine: 16 }],
    ['store.dart', dart, 19, { name: 'total', startLine: 18, endLine: 20 }],
    ['store.dart', dart, 24, { name: 'main', startLine: 23, endLine: 25 }],
  ])('%s line %#', (path, text, line, found) => {
    expect(syntax.enclosingFunction(path, text, line)).toEqual(found);
  });

  it.each([
    ['Store.cs', csharp, 'Read', 9],
    ['Store.php', php, 'read', 4],
    ['store.rb', ruby, 'close', 11],
    ['Store.swift', swift, 'read', 10],
    ['store.dart', dart, 'build', 10],
  ])('%s: finds a function by its name', (path, text, name, startLine) => {
    expect(syntax.functionsNamed(path, text, name).map((found) => found.startLine)).toEqual([startLine]);
  });

  it('frees what it forgets', () => {
    for (let at = 0; at < 200; at += 1) {
      const text = `class S { int Read${at}() { return ${at}; } }`;
      expect(syntax.enclosingFunction('S.cs', text, 1)?.name).toBe(`Read${at}`);
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { Language } from '../../src/domain/locate/language.ts';
import { isIdle } from '../../src/domain/locate/idle-line.ts';
import { evidenceOf, showsEvidence } from '../../src/domain/locate/message-evidence.ts';
import { judgeBlindLine } from '../../src/domain/locate/without-context.ts';

describe('what the crash line must show, by the message', () => {
  it.each<[Language, string, string, boolean]>([
    ['javascript', "Cannot read properties of undefined (reading 'status')", 'row.status', true],
    ['javascript', "Cannot read properties of undefined (reading 'status')", 'const { status } = row', true],
    ['javascript', "Cannot read properties of undefined (reading 'status')", 'row.statusText', false],
    ['javascript', "Cannot read properties of undefined (reading 'status')", 'row[key]', true],
    ['javascript', "Cannot read properties of undefined (reading 'status')", "row['price']", false],
    ['javascript', "Cannot read property 'status' of null", 'row.state', false],
    ['javascript', 'can\'t access property "status", row is undefined', 'row.status', true],
    ['javascript', "undefined is not an object (evaluating 'a.row.status')", 'row.status', true],
    ['javascript', "null is not an object (evaluating 'row.load(1)')", 'row.load(1)', true],
    ['javascript', 'shop.load is not a function', 'await shop.load()', true],
    ['javascript', 'shop.load is not a function', 'await shop.open()', false],
    ['javascript', 'price is not defined', 'return price * 2', true],
    ['python', "'NoneType' object has no attribute 'status'", 'row.status', true],
    ['python', "'NoneType' object has no attribute 'status'", 'row.state', false],
    ['python', "'Row' object has no attribute 'status'", 'getattr(row, name)', true],
    ['python', "name 'price' is not defined", 'return cost', false],
    ['python', "local variable 'price' referenced before assignment", 'return price', true],
    ['ruby', "undefined method `status' for nil:NilClass", 'row.status', true],
    ['ruby', "undefined method 'status=' for nil", 'row.status = 1', true],
    ['ruby', "undefined method 'status' for nil", 'row.state', false],
    ['ruby', "undefined method 'status' for nil", 'row.send(name)', true],
    ['php', 'Call to a member function load() on null', '$shop->load();', true],
    ['php', 'Call to a member function load() on null', '$shop->open();', false],
    ['php', 'Undefined variable $price', 'return $price;', true],
    ['php', 'Attempt to read property "status" on null', '$row->$name', true],
    ['rust', 'called `Option::unwrap()` on a `None` value', 'row.unwrap()', true],
    ['rust', 'called `Option::unwrap()` on a `None` value', 'row.first()', false],
  ])('%s: %s: %s', (language, message, line, shown) => {
    const evidence = evidenceOf(message, language);
    expect(evidence).not.toBeNull();
    expect(evidence && showsEvidence([line], 1, evidence)).toBe(shown);
  });

  it.each<[Language, string | null]>([
    ['javascript', "Cannot read properties of undefined (reading '0')"],
    ['javascript', 'rows is not iterable'],
    ['javascript', '(intermediate value).load is not a function'],
    ['jvm', 'Cannot invoke "Row.status()" because "row" is null'],
    ['go', 'runtime error: invalid memory address or nil pointer dereference'],
    ['python', null],
  ])('%s asks for nothing with %s', (language, message) => {
    expect(evidenceOf(message, language)).toBeNull();
  });
});

describe('lines on which nothing can crash', () => {
  it.each<[Language, string, boolean]>([
    ['javascript', '', true],
    ['javascript', '  // load the rows', true],
    ['javascript', '   * loads the rows', true],
    ['javascript', '   *= 2', false],
    ['javascript', "import { load } from './load.js';", false],
    ['javascript', '  });', false],
    ['javascript', '  }', true],
    ['ruby', '  end', true],
    ['ruby', '# loads', true],
    ['php', '#[Route("/")]', false],
    ['ruby', '#{Utils::Shell.name}', false],
    ['php', 'use Shop\\Row;', true],
    ['python', '# loads', true],
    ['python', 'import shop', false],
    ['jvm', 'package shop.rows;', true],
    ['jvm', '  }', false],
    ['go', '\t}', false],
    ['rust', 'use std::fs;', true],
    ['rust', '#[test]', false],
    ['dotnet', 'using System;', true],
    ['dotnet', 'using var file = Open();', false],
    ['swift', 'import UIKit', true],
    ['dart', "import 'dart:io';", true],
  ])('%s: %j', (language, line, idle) => {
    expect(isIdle(line, language, true)).toBe(idle);
  });

  it('callers may be counted at a closing bracket', () => {
    expect(isIdle('  }', 'javascript', false)).toBe(false);
  });
});

describe('a line that speaks against the trace', () => {
  const lines = ['import shop.Row', '', 'fun load() {', '  open()', '}', 'fun total() = rows.sum()'];
  const judge = (line: number, namesakes: { startLine: number; endLine: number }[] = []) =>
    judgeBlindLine({
      located: {
        index: 0,
        function: 'load',
        reported: { path: 'Shop.kt', line, column: null },
        inApp: true,
        path: 'Shop.kt',
        line,
        rule: 'module name',
        confidence: 0.88,
        contextMatches: null,
      },
      lines,
      language: 'jvm',
      innermost: true,
      column: null,
      namesakes,
      evidence: null,
    });

  it('is given up where nothing runs, as obfuscators number lines', () => {
    expect(judge(1)).toMatchObject({ line: null, rule: 'module name, nothing runs there' });
    expect(judge(2).line).toBeNull();
  });

  it('stays where something runs', () => {
    expect(judge(4)).toMatchObject({ line: 4, rule: 'module name' });
  });

  it('is given up where nothing runs even inside the function', () => {
    const inside = judge(2, [{ startLine: 1, endLine: 5 }]);
    expect(inside.line).toBeNull();
  });
});

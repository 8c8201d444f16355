import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/crash/crash-event.ts';
import { diagnose } from '../../src/domain/crash/diagnose.ts';
import { mappingReport } from '../../src/domain/locate/report.ts';
import { locateCrash } from '../../src/jobs/locate-crash.ts';
import { createSourceMaps } from '../../src/syntax/source-maps.ts';
import { createSyntax } from '../../src/syntax/syntax.ts';
import { eventOf, exceptionOf, frameOf } from './crash-samples.ts';
import { repositoryOf } from './memory-repository.ts';

const files: Record<string, string> = {
  'package.json': '{"name":"shop"}',
  'Cargo.toml': '[package]\nname = "shop"\n',
  'go.mod': 'module example.org/shop\n',
  'src/a.ts': 'export function a(b) {\n  return b.c;\n}\n',
  'src/lib.rs': 'pub fn read() {\n    rows[0]\n}\n',
  'pkg/a.go': 'package a\nfunc Read() {\n\trows[0]\n}\n',
  'shop/a.py': 'def read():\n    return rows[0]\n',
  'dist/a.js.map': '{"version":3,"sources":["../src/a.ts"],"mappings":"AAAA"}',
};
const repository = repositoryOf(files);
const syntax = createSyntax();
const sourceMaps = createSourceMaps();

/** Pieces that path and symbol readers take apart, besides anything at all. */
const piece = fc.constantFrom(
  '..',
  '.',
  '/',
  '\\',
  '\0',
  '%00',
  '%2e%2e%2f',
  'C:',
  '~',
  'node_modules',
  '@',
  'site-packages',
  'vendor',
  '.cargo/registry/src/x/',
  'webpack:///',
  'file://',
  'app:///',
  'src',
  'a.ts',
  'lib.rs',
  'a.py',
  'a.go',
  'a.js',
  '::',
  '{{closure}}',
  '<',
  '>',
  '_<',
  ' as ',
  '$LT$',
  '?',
  '#',
  '[',
  ']',
  '(',
  ')',
  '*',
  '\u202e',
  '\ud800',
  '😀',
  'etc/passwd',
  '.git/config',
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('/')),
  fc.tuple(piece, fc.integer({ min: 1, max: 20_000 })).map(([one, times]) => one.repeat(times)),
);
const maybe = fc.option(text);
const number = fc.option(
  fc.oneof(fc.integer(), fc.constantFrom(0, 1, 2, -1, 2 ** 31, Number.MAX_SAFE_INTEGER)),
);
const frames: fc.Arbitrary<Frame> = fc
  .record({
    function: maybe,
    rawFunction: maybe,
    module: maybe,
    package: maybe,
    filename: maybe,
    absPath: maybe,
    line: number,
    column: number,
    inApp: fc.option(fc.boolean()),
    platform: fc.option(
      fc.constantFrom(
        'javascript',
        'native',
        'python',
        'go',
        'java',
        'csharp',
        'php',
        'ruby',
        'dart',
        'cocoa',
        'other',
      ),
    ),
  })
  .chain((frame) =>
    fc
      .array(fc.record({ line: fc.integer(), text }), { maxLength: 4 })
      .map((context) => frameOf({ ...frame, context })),
  );

// How long they take is measured in bench/locate.ts: a test that counts milliseconds fails on a busy machine.
describe('hostile frames', () => {
  it('never lead out of the repository and never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frames, { maxLength: 6 }), maybe, maybe, async (stack, type, value) => {
        const event = eventOf({
          platform: null,
          exceptions: [exceptionOf({ type, value, frames: stack })],
          release: value,
        });
        const location = await locateCrash({
          event,
          repository,
          syntax,
          sourceMaps,
          base: repository.head,
          mappings: [{ stackRoot: '/', sourceRoot: '../' }],
        });
        const named = [
          ...location.frames.map((frame) => frame.path),
          ...location.candidates,
          location.suspect?.path ?? null,
        ];
        expect(named.filter((path) => path !== null && !(path in files))).toEqual([]);
        for (const { path, line } of [...location.frames, ...(location.suspect ? [location.suspect] : [])])
          if (line !== null && path !== null)
            expect(files[path]?.split('\n').length).toBeGreaterThanOrEqual(line);
        const { sentences } = diagnose({ event, location, suspectLine: value });
        expect(sentences.length).toBeGreaterThanOrEqual(4);
        expect(sentences.length).toBeLessThanOrEqual(6);
        expect(mappingReport(location)).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { CrashEvent } from '../../src/domain/crash/crash-event.ts';
import { locateCrash } from '../../src/jobs/locate-crash.ts';
import { createSourceMaps } from '../../src/syntax/source-maps.ts';
import { createSyntax } from '../../src/syntax/syntax.ts';
import { eventOf, exceptionOf, frameOf } from '../domain/crash-samples.ts';
import { repositoryOf } from '../domain/memory-repository.ts';

const source = ['export function refreshRow(rows) {', '  return rows[0].status;', '}', ''];

/** Made by hand: column 0 of the bundle is the function's head, column 30 is `rows[0].status`, named so. */
const map = JSON.stringify({
  version: 3,
  file: 'index-Cq3xYz12.js',
  sources: ['../src/fleet.ts'],
  sourcesContent: [source.join('\n')],
  names: ['refreshRow'],
  mappings: 'AAAA,8BACWA',
});

describe('source maps', () => {
  const maps = createSourceMaps();

  it('lead from a built place to the source', () => {
    expect(maps.originalPlace(map, { line: 1, column: 35 })).toEqual({
      source: '../src/fleet.ts',
      line: 2,
      column: 12,
      name: 'refreshRow',
      text: '  return rows[0].status;',
    });
  });

  it.each(['', '{}', 'not json', '[]', '{"version":3,"sources":[],"mappings":"!!!!"}', map.slice(0, 40)])(
    'that are none say nothing: %#',
    (text) => {
      expect(maps.originalPlace(text, { line: 1, column: 35 })).toBeNull();
    },
  );

  it('say nothing outside of what they map', () => {
    expect(maps.originalPlace(map, { line: 0, column: 0 })).toBeNull();
    expect(maps.originalPlace(map, { line: 99, column: 1 })).toBeNull();
  });
});

describe('locating a frame of a bundle', () => {
  const frame = frameOf({
    filename: '/assets/index-Cq3xYz12.js',
    absPath: 'https://shop.example/assets/index-Cq3xYz12.js',
    function: 'Xe',
    line: 1,
    column: 35,
  });
  const crash = (files: Record<string, string>, debugImages: CrashEvent['debugImages'] = []) => {
    const repository = repositoryOf(files);
    const exceptions = [exceptionOf({ frames: [frame] })];
    const event = eventOf({ platform: 'javascript', exceptions, debugImages });
    return locateCrash({
      event,
      repository,
      syntax: createSyntax(),
      sourceMaps: createSourceMaps(),
      base: repository.head,
      mappings: [],
    });
  };

  it('goes through the map that the repository holds', async () => {
    const location = await crash({ 'src/fleet.ts': source.join('\n'), 'dist/index-Cq3xYz12.js.map': map });
    expect(location.suspect).toEqual({ path: 'src/fleet.ts', line: 2, column: 12, function: 'refreshRow' });
    expect(location.frames[0]).toMatchObject({
      reported: { path: '/assets/index-Cq3xYz12.js', line: 1, column: 35 },
      rule: 'source map, exact path',
      contextMatches: true,
    });
  });

  it('refuses when the mapped source is not the code of this commit', async () => {
    const location = await crash({
      'src/fleet.ts': 'export const nothing = 1;\n',
      'dist/index-Cq3xYz12.js.map': map,
    });
    expect([location.suspect, location.frames[0]?.contextMatches]).toEqual([null, false]);
  });

  it('finds the map by the debug id that the event carries, whatever its name', async () => {
    const debugId = '85314830-023f-4cf1-a267-535f4e37bb17';
    const named = {
      'src/fleet.ts': source.join('\n'),
      'maps/other.map': map.replace('{', `{"debugId":"${debugId}",`),
    };
    const location = await crash(named, [
      { debugId, codeFile: 'https://shop.example/assets/index-Cq3xYz12.js' },
    ]);
    expect(location.suspect).toMatchObject({ path: 'src/fleet.ts', line: 2 });
  });

  it('says how to upload a map when there is none', async () => {
    const location = await crash({ 'src/fleet.ts': source.join('\n') });
    expect([location.suspect, location.refusal]).toEqual([
      null,
      expect.stringContaining('sentry-cli sourcemaps upload'),
    ]);
  });
});

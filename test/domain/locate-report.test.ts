import { describe, expect, it } from 'vitest';
import type { Location } from '../../src/domain/crash/location.ts';
import { parseMapping } from '../../src/domain/locate/mapping.ts';
import { locationJson, locationLines, mappingReport } from '../../src/domain/locate/report.ts';

const frame = { function: 'refreshRow', inApp: true, confidence: 0.9944, contextMatches: true, exception: 0 };

const location: Location = {
  frames: [
    {
      ...frame,
      index: 0,
      inApp: false,
      reported: { path: 'node:internal/timers', line: 5, column: null },
      path: null,
      line: null,
      rule: 'runtime',
      confidence: 0,
      contextMatches: null,
    },
    {
      ...frame,
      index: 1,
      reported: { path: '/app/src/fleet.ts', line: 3, column: 9 },
      path: 'src/fleet.ts',
      line: 4,
      rule: 'unique suffix, carried from v1.0.0',
    },
    {
      ...frame,
      index: 2,
      reported: { path: 'a|b`c`\n@org', line: null, column: null },
      path: null,
      line: null,
      rule: 'no file',
      confidence: 0,
      contextMatches: null,
    },
  ],
  suspect: { path: 'src/fleet.ts', line: 4, column: 9, function: 'refreshRow' },
  candidates: ['src/fleet.ts'],
  refusal: null,
  origin: { commit: '1'.repeat(40), how: 'tag', name: 'v1.0.0' },
};

describe('what people see of a location', () => {
  it('is a table in a pull request', () => {
    expect(mappingReport(location)).toMatchInlineSnapshot(`
      "| function | reported | found | how | certainty | source line |
      |---|---|---|---|--:|---|
      | \`refreshRow\` | \`/app/src/fleet.ts:3\` | \`src/fleet.ts:4\` | \`unique suffix, carried from v1.0.0\` | 99 % | equal |
      | \`refreshRow\` | <code>a&#124;b&#96;c&#96; &#64;&#8203;org</code> | no file | \`no file\` | 0 % | the event has none |

      Not shown: 1 third-party or runtime frame.

      Lines were read at the tag of the release, \`v1.0.0\`, and carried to today's head."
    `);
  });

  it('is a few lines on a terminal', () => {
    expect(locationLines(location)).toMatchInlineSnapshot(`
      [
        "src/fleet.ts:4 in refreshRow",
        "",
        "#     reported                found           how                                 certain  source line",
        "0     node:internal/timers:5  -               runtime",
        "1  •  /app/src/fleet.ts:3     src/fleet.ts:4  unique suffix, carried from v1.0.0  99 %     equal",
        "2  •  a|b\`c\` @org             -               no file",
      ]
    `);
    expect(locationLines({ ...location, suspect: null, refusal: 'The event names no line.' }).slice(0, 3))
      .toMatchInlineSnapshot(`
      [
        "No line to act on.",
        "The event names no line.",
        "May be: src/fleet.ts",
      ]
    `);
  });

  it('is the JSON of the command line', () => {
    expect(locationJson({ ...location, frames: location.frames.slice(1, 2) })).toMatchInlineSnapshot(`
      {
        "candidates": [
          "src/fleet.ts",
        ],
        "frames": [
          {
            "confidence": 0.994,
            "contextMatches": true,
            "function": "refreshRow",
            "inApp": true,
            "index": 1,
            "line": 4,
            "path": "src/fleet.ts",
            "reported": {
              "column": 9,
              "line": 3,
              "path": "/app/src/fleet.ts",
            },
            "rule": "unique suffix, carried from v1.0.0",
          },
        ],
        "refusal": null,
        "suspect": {
          "function": "refreshRow",
          "line": 4,
          "path": "src/fleet.ts",
        },
      }
    `);
  });
});

describe('a mapping on the command line', () => {
  it.each([
    ['/app/=src/', { stackRoot: '/app/', sourceRoot: 'src/' }],
    ['webpack:///./=', { stackRoot: 'webpack:///./', sourceRoot: '' }],
    ['/app=a=b', { stackRoot: '/app', sourceRoot: 'a=b' }],
    ['/app/', null],
    ['=src/', null],
  ])('%s', (text, mapping) => {
    expect(parseMapping(text)).toEqual(mapping);
  });
});

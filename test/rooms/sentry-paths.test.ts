// Paths and pages: what may stand in an address, and what a Link header says.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/domain/failure.ts';
import { nextCursor } from '../../src/sentry/paging.ts';
import { apiPath } from '../../src/sentry/paths.ts';

function at(rel: string, results: string, cursor: string): string {
  return `<https://sentry.io/api/0/organizations/acme/issues/?cursor=${cursor}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`;
}

describe('apiPath', () => {
  test('joins and encodes, with the trailing slash', () => {
    expect(apiPath('organizations', 'acme', 'issues')).toBe('/api/0/organizations/acme/issues/');
    expect(apiPath()).toBe('/api/0/');
    expect(apiPath('projects', 'a/b?c#d', '%2e%2e')).toBe('/api/0/projects/a%2Fb%3Fc%23d/%252e%252e/');
  });

  test.each(['', ' ', '.', '..', ' .. ', '\ud800'])('refuses the segment %j', (segment) => {
    expect(() => apiPath('organizations', segment, 'issues')).toThrow(Refusal);
  });

  test('no segment can ever change the path round it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (segment) => {
        let path: string;
        try {
          path = apiPath('organizations', segment, 'issues');
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          return;
        }
        const url = new URL(path, 'https://sentry.example');
        const parts = url.pathname.split('/');
        expect([parts.length, parts[3], parts[5], url.search, url.hash]).toEqual([
          7,
          'organizations',
          'issues',
          '',
          '',
        ]);
        expect(decodeURIComponent(parts[4] ?? '')).toBe(segment);
      }),
    );
  });
});

describe('nextCursor', () => {
  test.each<[string, string | undefined, string | null]>([
    ['no header', undefined, null],
    ['an empty header', '', null],
    ['a next page', `${at('previous', 'false', '0:0:1')}, ${at('next', 'true', '0:100:0')}`, '0:100:0'],
    ['the last page', `${at('previous', 'true', '0:0:1')}, ${at('next', 'false', '0:200:0')}`, null],
    [
      'a next page that comes first',
      `${at('next', 'true', '1:2:0')}, ${at('previous', 'true', '0:0:1')}`,
      '1:2:0',
    ],
    [
      'stray semicolons',
      `${at('previous', 'false', '0:0:1')}; , ${at('next', 'true', '0:100:0')};`,
      '0:100:0',
    ],
    ['unknown parts', `${at('next', 'true', '0:1:0')}; title="odd, really"`, '0:1:0'],
    [
      'a comma in the address',
      '<https://s.example/?q=a,b>; rel="next"; results="true"; cursor="0:1:0"',
      '0:1:0',
    ],
    ['no quotation marks', '<https://s.example/>; rel=next; results=true; cursor=0:1:0', '0:1:0'],
    [
      'the cursor in the address only',
      '<https://s.example/?cursor=0%3A5%3A0>; rel="next"; results="true"',
      '0:5:0',
    ],
    ['no cursor at all', '<https://s.example/>; rel="next"; results="true"', null],
    ['nonsense', ';;,,<<>>', null],
    ['an endless cursor', at('next', 'true', '1'.repeat(5_000)), null],
  ])('%s', (_, header, cursor) => {
    expect(nextCursor(header)).toBe(cursor);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>;,="? relnxtcuso:01'.split('')) }), (header) => {
        const cursor = nextCursor(header);
        expect(cursor === null || cursor.length > 0).toBe(true);
      }),
    );
  });
});

// A crash of a CommonJS project shown by jest, which is installed from the registry as the project asks for it.

import { describe, expect, it, vi } from 'vitest';
import { climbIn } from './reproduce-stage.ts';

vi.setConfig({ testTimeout: 900_000 });

const files = {
  '.gitignore': 'node_modules\n',
  'package.json': JSON.stringify({
    name: 'till',
    private: true,
    scripts: { test: 'jest --silent' },
    devDependencies: { jest: '30.2.0' },
  }),
  'src/labels.js': `'use strict';

/**
 * @param {{ id: string, label: string }[]} items
 * @param {string} id
 * @returns {string | undefined}
 */
function labelOf(items, id) {
  const item = items.find((one) => one.id === id);
  return item.label;
}

module.exports = { labelOf };
`,
  'src/labels.test.js': `'use strict';

const { labelOf } = require('./labels');

test('knows a label', () => {
  expect(labelOf([{ id: 'a', label: 'A' }], 'a')).toBe('A');
});
`,
};

describe('a CommonJS project with jest', () => {
  it('gets its test into the file that is there', async () => {
    const result = await climbIn({
      files,
      install: true,
      facts: {
        file: 'src/labels.js',
        at: 'item.^label',
        message: "Cannot read properties of undefined (reading 'label')",
        function: 'labelOf',
      },
    });
    if (result.outcome !== 'fixed') throw new Error(JSON.stringify(result, null, 2));
    expect(result.ladder.at(-1)?.detail).toBe(
      'a test in `src/labels.test.js` fails at the base with `TypeError` in `labelOf`, and passes with the change',
    );
    expect(result.files).toEqual(['src/labels.js', 'src/labels.test.js']);
    expect(result.diff.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++')))
      .toMatchInlineSnapshot(`
      [
        "+  if (!item) return undefined;",
        "+",
        "+test('labelOf copes with a missing item', () => {",
        "+  expect(labelOf([], '')).toBe(undefined);",
        "+});",
      ]
    `);
  });
});

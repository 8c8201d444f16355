// `npm ci` refuses a lock file in which a package is missing, even one for another system, and npm leaves those
// out without a word where the registry it asked did not have them.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const names = z.record(z.string(), z.string()).default({});
const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.object({ dependencies: names, devDependencies: names, optionalDependencies: names }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')));

/** Looks where Node would: in the package's own folder, then in each one above. */
function isLocked(from: string, name: string): boolean {
  const folder = from === '' ? '' : `${from}/`;
  if (`${folder}node_modules/${name}` in packages) return true;
  return from !== '' && isLocked(from.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/, ''), name);
}

test('the lock file holds every package that another one names, for every system', () => {
  const missing = Object.entries(packages).flatMap(([from, named]) =>
    Object.keys({ ...named.dependencies, ...named.devDependencies, ...named.optionalDependencies })
      .filter((name) => !isLocked(from, name))
      .map((name) => `${name}, named by ${from}`),
  );
  expect(missing).toEqual([]);
});

// The GitHub stand-in as its users meet it: real clients over HTTP, real git, and what it refuses.
// Shapes are compared with GitHub's own descriptions in world-github.contract.test.ts.

import { expect, test } from 'vitest';
import { startGitHub } from '../world/github/start.ts';

test('a person opens an issue with a label', async () => {
  const world = await startGitHub();
  world.addUser('ada');
  await world.addRepository({ owner: 'acme', name: 'shop', fromDirectory: 'src' });
  world.setRole('acme/shop', 'ada', 'write');
  const ada = world.as('ada');
  const { data } = await ada.rest.issues.create({
    owner: 'acme',
    repo: 'shop',
    title: 'hello',
    labels: ['a'],
  });
  expect(data.number).toBe(1);
  await world.close();
});

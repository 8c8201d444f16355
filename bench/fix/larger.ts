// Grows the sample shop to a usual size: modules that use each other, and packages.

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { shopDir } from '../../test/world/sentry/crashes.ts';

const program = promisify(execFile);

const modules = 600;

/** What a web shop in TypeScript installs, with all that comes with it. */
const packages = {
  eslint: '9.39.1',
  express: '5.1.0',
  fastify: '5.6.2',
  prettier: '3.6.2',
  react: '19.2.0',
  'react-dom': '19.2.0',
  vitest: '4.0.13',
  webpack: '5.103.0',
};

/** Writes the grown shop into an empty folder. The lock file is made here, so it names whatever registry is set up. */
export async function growShop(dir: string): Promise<void> {
  cpSync(shopDir, dir, { recursive: true, filter: (from) => !from.includes('node_modules') });
  mkdirSync(path.join(dir, 'src/stock'));
  for (let index = 0; index < modules; index += 1)
    writeFileSync(path.join(dir, `src/stock/shelf-${index}.ts`), shelf(index));
  const manifest = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8')) as Manifest;
  manifest.devDependencies = { ...manifest.devDependencies, ...packages };
  writeFileSync(path.join(dir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await program('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: dir,
  });
}

type Manifest = { devDependencies: Record<string, string> };

/** Each reads the two before it, as modules of a program do. */
function shelf(index: number): string {
  const before = [index - 1, index - 2].filter((one) => one >= 0);
  const imports = before.map((one) => `import { shelf${one} } from './shelf-${one}.ts';\n`).join('');
  const sum = ['lamps.length', ...before.map((one) => `shelf${one}(lamps.slice(1))`)].join(' + ');
  return `${imports}
export type Lamp${index} = { name: string; price: number; parts?: readonly Lamp${index}[] };

/** How many lamps stand on shelf ${index} and those before it. */
export function shelf${index}(lamps: readonly Lamp${index}[]): number {
  return lamps.length === 0 ? 0 : ${sum};
}

export function cheapest${index}(lamps: readonly Lamp${index}[]): Lamp${index} | undefined {
  return lamps.toSorted((left, right) => left.price - right.price)[0];
}
`;
}

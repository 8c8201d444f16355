// The Node that a repository is made for: found in its files, fetched once, and what its checks run on.

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChecks } from '../../src/checks/checks.ts';
import type { InstallPlace } from '../../src/checks/install/run-install.ts';
import { cachesOf } from '../../src/checks/kept/caches.ts';
import { fetchNode } from '../../src/checks/node/fetch.ts';
import { nodePackage } from '../../src/checks/node/place.ts';
import { wantedNode } from '../../src/checks/node/wanted.ts';
import { sandboxForChecks } from '../world/sandbox.ts';
import { quietLog } from './store-world.ts';

const confined = await sandboxForChecks();
const { sandbox } = confined;
afterAll(() => confined.close());

let base: string;
let root: string;
let dataDir: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'suture-node-'));
  root = path.join(base, 'work');
  dataDir = path.join(base, 'data');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function write(files: Record<string, string | object>, into = root): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(into, file)), { recursive: true });
    writeFileSync(path.join(into, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

const engines = (node: string) => ({ 'package.json': { name: 'shop', engines: { node } } });
const locked = { 'package-lock.json': { lockfileVersion: 3, packages: {} } };
const workflow = (text: string) => ({ '.github/workflows/ci.yml': text, ...locked });
const steps = (version: string) =>
  `jobs:\n  test:\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version: ${version}\n`;
const matrix = (versions: string, name = 'node') =>
  `jobs:\n  test:\n    strategy:\n      matrix:\n        ${name}: ${versions}\n`;

describe('which one', () => {
  it.each<[string, Record<string, string | object>, string | null]>([
    ['nothing is said', { 'package.json': {} }, null],
    ['ours is pinned', { '.nvmrc': 'v24.1.0\n' }, null],
    ['another is pinned', { '.nvmrc': '# for deploys\nv18.17.1\n', ...engines('>=20') }, '18 .nvmrc'],
    ['a line of nvm', { '.nvmrc': 'lts/Gallium' }, '16 .nvmrc'],
    ['the newest line', { '.nvmrc': 'lts/*' }, null],
    ['no version at all', { '.nvmrc': 'system', '.node-version': '20' }, '>=20.0.0 <21.0.0-0 .node-version'],
    ['asdf', { '.tool-versions': 'ruby 3.2.0\nnodejs 14.21.3\n' }, '14 .tool-versions'],
    ['volta', { 'package.json': { volta: { node: '12.22.0' } } }, '12 package.json (volta)'],
    ['engines that ours fits', engines('>= 6.0.0'), null],
    ['engines that ours does not fit', engines('16.x'), '>=16.0.0 <17.0.0-0 package.json (engines)'],
    ['engines of nonsense', engines('the newest; rm -rf /'), null],
    ['a setup step', workflow(steps("'18'")), '18 .github/workflows/ci.yml'],
    ['a step with an expression', workflow(steps('${{ matrix.node }}')), null],
    ['a matrix, the highest', workflow(matrix('[14.x, 16.x, 9]')), '16 .github/workflows/ci.yml'],
    ['a matrix with ours', workflow(matrix('[18, 24, 26]', 'node-version')), null],
    [
      'a matrix and engines',
      { ...workflow(matrix('[14, 17]')), ...engines('^14 || >=18') },
      '14 .github/workflows/ci.yml',
    ],
    ['Travis', { '.travis.yml': 'language: node_js\nnode_js:\n  - 10\n', ...locked }, '10 .travis.yml'],
    ['Travis without a lock file', { '.travis.yml': 'node_js: 10\n' }, null],
    ['a workflow that is no YAML', workflow('jobs: [unclosed'), null],
  ])('%s', async (_, files, expected) => {
    write(files);
    const wanted = await wantedNode(root, '24.21.0');
    expect(wanted === null ? null : `${wanted.range} ${wanted.from}`).toBe(expected);
  });

  it('reads no file outside the worktree', async () => {
    write({ 'secret.txt': '18\n' }, base);
    mkdirSync(root);
    execFileSync('ln', ['-s', '../secret.txt', path.join(root, '.nvmrc')]);
    expect(await wantedNode(root)).toBeNull();
  });
});

/** A package as npm's registry has them; its Node says another version and is ours otherwise. */
function pack(version: string, text = `exec '${process.execPath}' "$@"`): string {
  const folder = path.join(base, 'package');
  const program = `#!/bin/sh\nif [ "$1" = --version ]; then echo v${version}; exit; fi\nexport OTHER_NODE=${version}\n${text}\n`;
  write({ 'package.json': { name: nodePackage, version }, 'bin/node': program }, folder);
  chmodSync(path.join(folder, 'bin/node'), 0o755);
  const { folder: caches } = cachesOf(dataDir, path.join(dataDir, 'caches/nodes/any'));
  const file = path.join(caches, 'node.tgz');
  execFileSync('tar', ['-czf', file, '-C', base, 'package']);
  return file;
}

const registries = async () => ({ hosts: new Set<string>(), env: {}, files: [] });
const place = (): InstallPlace => ({
  ground: { sandbox, dataDir },
  registries,
  installHosts: [],
  log: quietLog,
});
const shop = {
  'where.cjs': 'console.log("on", process.env.OTHER_NODE);',
  'package.json': {
    name: 'shop',
    version: '1.0.0',
    engines: { node: '16.x' },
    scripts: { test: 'node where.cjs' },
  },
};

async function runTests(ownNode = false): Promise<string> {
  const checks = createChecks({ dataDir, sandbox, installHosts: [], log: quietLog, ownNode });
  const [check] = await checks.find(root, []);
  if (!check) throw new Error('no check was found');
  const result = await checks.run(check, root);
  expect(result.passed).toBe(true);
  return result.output;
}

describe('fetching it', () => {
  it('lets the checks run on it, and npm on ours; says so; a second time nothing is fetched', async () => {
    write(shop);
    const file = pack('16.20.2');
    const said = 'The checks run on Node 16.20.2, because `package.json (engines)` asks for Node `16.x`.';
    expect(await fetchNode(root, place(), () => file)).toEqual([said]);
    expect(await runTests()).toContain('on 16.20.2');
    expect(await runTests(true)).toContain('on undefined');
    expect(await fetchNode(root, place(), () => path.join(base, 'nowhere.tgz'))).toEqual([said]);
  });

  it('leaves the checks on ours where it cannot be had, or does not start', async () => {
    write(shop);
    const note = `\`package.json (engines)\` asks for Node \`16.x\`, which could not be fetched; the checks run on ${process.version}.`;
    expect(await fetchNode(root, place(), () => path.join(base, 'nowhere.tgz'))).toEqual([note]);
    const broken = pack('16.20.2');
    write({ 'bin/node': '#!/bin/sh\nexit 127\n' }, path.join(base, 'package'));
    execFileSync('tar', ['-czf', broken, '-C', base, 'package']);
    expect(await fetchNode(root, place(), () => broken)).toEqual([note]);
    expect(readdirSync(path.join(dataDir, 'caches/nodes')).filter((name) => name !== 'used')).toEqual([]);
    expect(await runTests()).toContain('on undefined');
  });
});

// What installs are told of the operator's own npm settings, read by the real npm.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { authorities } from '../../src/checks/environment.ts';
import { createRegistries } from '../../src/checks/install/registries.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'suture-registries-'));
  vi.stubEnv('HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it("hosts, address and the file of authorities are the operator's, scopes included", async () => {
  const cafile = path.join(folder, 'authorities.pem');
  writeFileSync(cafile, '');
  vi.stubEnv('npm_config_registry', undefined);
  writeFileSync(
    path.join(folder, '.npmrc'),
    `registry=https://packages.acme.example/npm/\n@acme:registry=https://own.acme.example/\ncafile=${cafile}\n`,
  );
  const npm = await createRegistries(path.join(folder, 'data'))('npm');
  expect([...npm.hosts].toSorted()).toEqual(['own.acme.example', 'packages.acme.example']);
  expect(npm.env).toMatchObject({
    npm_config_registry: 'https://packages.acme.example/npm/',
    npm_config_cafile: cafile,
  });
  expect(npm.files).toEqual([cafile]);
});

it('what npm tells the programs that it starts counts, too', () => {
  const env = {
    npm_config_cafile: '/etc/own.pem',
    npm_config__auth: 'secret',
    NODE_EXTRA_CA_CERTS: '/etc/more.pem',
  };
  expect(authorities(env)).toEqual({
    npm_config_cafile: '/etc/own.pem',
    NODE_EXTRA_CA_CERTS: '/etc/more.pem',
  });
});

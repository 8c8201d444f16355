// Which compiler stands in for one that a repository asks for: only a newer one, and only for a plain version.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { checkEnvironment } from '../../src/checks/environment.ts';
import { standIn } from '../../src/checks/rust-toolchain.ts';

const home = mkdtempSync(path.join(tmpdir(), 'suture-toolchains-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let made = 0;

/** A repository with these files, and a rustup with these toolchains. */
function place(files: Record<string, string>, installed: readonly string[]) {
  made += 1;
  const root = path.join(home, `repository-${made}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const rustup = path.join(home, `rustup-${made}`);
  for (const name of installed) mkdirSync(path.join(rustup, 'toolchains', name), { recursive: true });
  return { root, rustup };
}

const pinned = (channel: string) => `[toolchain]\nprofile = "minimal"\nchannel = "${channel}"\n`;
const linux = 'x86_64-unknown-linux-gnu';

describe('a compiler that is not here', () => {
  it.each([
    [{ 'rust-toolchain.toml': pinned('1.66.1') }, [`1.95.0-${linux}`, `1.70.0-${linux}`], `1.70.0-${linux}`],
    [{ 'rust-toolchain': '1.71.0\n' }, [`1.70.0-${linux}`, `stable-${linux}`], `stable-${linux}`],
    [{ 'rust-toolchain': pinned('1.66') }, [`1.66.1-${linux}`], `1.66.1-${linux}`],
  ])('has a newer one in its place: %o', (files, installed, name) => {
    const { root, rustup } = place(files, installed);
    expect(standIn(root, 'crates/core', rustup)?.name).toBe(name);
  });

  it.each([
    ['a nightly of a day', { 'rust-toolchain': pinned('nightly-2022-05-01') }, [`nightly-${linux}`]],
    ['one that is here', { 'rust-toolchain.toml': pinned('1.70.0') }, [`1.70.0-${linux}`, `stable-${linux}`]],
    ['only older ones', { 'rust-toolchain.toml': pinned('1.90.0') }, [`1.70.0-${linux}`]],
    ['older than what fixers write', { 'rust-toolchain.toml': pinned('1.56.0') }, [`stable-${linux}`]],
    ['no wish', { 'Cargo.toml': '[package]' }, [`stable-${linux}`]],
  ])('has none: %s', (_, files, installed) => {
    const { root, rustup } = place(files, installed);
    expect(standIn(root, '.', rustup)).toBeNull();
  });

  it('is asked for by the nearest file', () => {
    const files = {
      'rust-toolchain.toml': pinned('1.80.0'),
      'crates/core/rust-toolchain.toml': pinned('1.66.1'),
    };
    const { root, rustup } = place(files, [`1.80.0-${linux}`]);
    expect(standIn(root, 'crates/core', rustup)).toEqual({
      wanted: '1.66.1',
      file: 'crates/core/rust-toolchain.toml',
      name: `1.80.0-${linux}`,
    });
    expect(standIn(root, 'crates', rustup)).toBeNull();
  });

  it('is not read through a link that leads out', () => {
    const { root, rustup } = place({ 'Cargo.toml': '' }, [`stable-${linux}`]);
    writeFileSync(path.join(home, 'outside'), pinned('1.70.0'));
    symlinkSync(path.join(home, 'outside'), path.join(root, 'rust-toolchain'));
    expect(standIn(root, '.', rustup)).toBeNull();
  });
});

it('is told to rustup where a repository needs it, and nowhere else', () => {
  const { root, rustup } = place({ 'rust-toolchain.toml': pinned('1.66.1') }, [`stable-${linux}`]);
  vi.stubEnv('RUSTUP_HOME', rustup);
  const told = (folder: string) => checkEnvironment({ root: folder, folder: '.', home, node: null });
  expect(told(root)).toMatchObject({ RUSTUP_TOOLCHAIN: `stable-${linux}`, RUSTUP_AUTO_INSTALL: '0' });
  expect(told(home)).not.toHaveProperty('RUSTUP_TOOLCHAIN');
  vi.unstubAllEnvs();
});

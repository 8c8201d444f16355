// What README.md promises an operator is what the code asks for, and the map of the code shows all of it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settings } from '../../src/config-table.ts';
import { commandHelp } from '../../src/domain/triage/command.ts';
import { changeLimits } from '../../src/domain/proof/limits.ts';
import { needs } from '../../src/github/needs.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The rows of the table whose header starts with these cells, each as its cells. */
function table(...header: string[]): string[][] {
  const lines = readme.split('\n').map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith(`| ${header.join(' | ')} |`));
  expect(start).toBeGreaterThan(0);
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the settings table is the one of config.ts, in order', () => {
  expect(table('setting', 'default')).toEqual(
    settings.map(({ name, fallback, meaning }) => [
      `\`${name}\``,
      fallback === null ? 'required' : fallback && `\`${fallback}\``,
      meaning,
    ]),
  );
});

/** As GitHub's pages write them. */
function onThePage(name: string): string {
  const words = name === 'statuses' ? 'commit statuses' : name.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

test('the permissions and events are those of the App', () => {
  expect(table('permission', 'access')).toEqual(
    needs.map(({ permission, level, events, why }) => [
      onThePage(permission),
      level === 'write' ? 'Read and write' : 'Read-only',
      events.map(onThePage).join(', '),
      why,
    ]),
  );
});

test('the commands are those of the grammar', () => {
  expect(table('command')).toEqual(commandHelp.map(({ usage, meaning }) => [`\`${usage}\``, meaning]));
});

test('the limits of a change are those of the policy', () => {
  expect(readme).toContain(`at most ${changeLimits.files} files and ${changeLimits.lines} lines`);
});

test('every page it links to is there', () => {
  const pages = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, page]) => page ?? '');
  expect(pages.length).toBeGreaterThan(3);
  for (const page of pages) readFileSync(new URL(`../../${page}`, import.meta.url));
});

test('the map in docs/architecture.md shows every folder and file of src/, and no other', () => {
  const root = new URL('../../', import.meta.url);
  const page = readFileSync(new URL('docs/architecture.md', root), 'utf8');
  const map = /## The map of `src\/`\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
  const shown = map
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([\w.-]+)\/?`/g)].map(([, name]) => name));
  expect(new Set(shown)).toEqual(new Set(readdirSync(new URL('src', root))));
  const named = [...page.matchAll(/`((?:domain|jobs|store|git|github|checks|run)\/[\w-]+\.ts)`/g)];
  expect(named.length).toBeGreaterThan(20);
  expect(named.map(([, file]) => file).filter((file) => !existsSync(new URL(`src/${file}`, root)))).toEqual(
    [],
  );
});

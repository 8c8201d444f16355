// What a settings file says, what is wrong with it, and what a repository wants left alone.

import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { doNotFixPaths } from '../../src/domain/proof/do-not-fix.ts';
import { readSettings } from '../../src/domain/read-settings.ts';
import { defaultSettings, settingsSchema } from '../../src/domain/settings.ts';
import { createDocuments } from '../../src/syntax/yaml.ts';

const read = (text: string) => readSettings(createDocuments().readYaml(text));

describe('a settings file', () => {
  it.each(['', '# nothing yet\n', '{}'])('that says nothing leaves the defaults: %j', (text) => {
    expect(read(text)).toEqual({ settings: defaultSettings, mistakes: [] });
  });

  it('says what it says, and the rest stays as it was', () => {
    const text = [
      'noise:',
      '  levels: [fatal]',
      '  fluke-after-days: 0',
      'query: environment:production',
      'minimum-role: maintain',
      'base-branch: develop',
      'protected-paths:',
      '  - src/payments/**',
      'limits: { files: 2 }',
      'mask: [Hildegard]',
    ].join('\n');
    expect(read(text).settings).toEqual({
      ...defaultSettings,
      noise: { ...defaultSettings.noise, levels: ['fatal'], flukeAfterDays: 0 },
      query: 'environment:production',
      minimumRole: 'maintain',
      baseBranch: 'develop',
      protectedPaths: ['src/payments/**'],
      limits: { ...defaultSettings.limits, files: 2 },
      mask: ['Hildegard'],
    });
  });

  it('with mistakes names line, key and the nearest right one, and sets nothing', () => {
    const text = [
      'noise:',
      '  level: [error]',
      '  stale-after-days: soon',
      'minimum-role: read',
      'protected_paths:',
      '  - src/**',
      'limits:',
      '  files: 0',
      'frobnicate: true',
      'days: 1000',
    ].join('\n');
    expect(read(text)).toMatchInlineSnapshot(`
      {
        "mistakes": [
          ".github/sentry.yml line 2: I know no \`level\`; do you mean \`levels\`?",
          ".github/sentry.yml line 3: \`noise.stale-after-days\`: this must be of the kind number.",
          ".github/sentry.yml line 4: \`minimum-role\`: this must be one of \`write\`, \`maintain\`, \`admin\`.",
          ".github/sentry.yml line 5: I know no \`protected_paths\`; do you mean \`protected-paths\`?",
          ".github/sentry.yml line 8: \`limits.files\`: this is too small or too short; at least 1.",
          ".github/sentry.yml line 9: I know no \`frobnicate\`; there is \`noise\`, \`query\`, \`days\`, \`schedule\`, \`minimum-role\`, \`label\`, \`base-branch\`, \`protected-paths\`, \`limits\`, \`draft\`, \`resolve\`, \`watch-days\`, \`checks\`, \`side-by-side\`, \`mask\`",
          ".github/sentry.yml line 10: \`days\`: this is too large or too long; at most 90.",
        ],
        "settings": null,
      }
    `);
  });

  it.each([
    ['no YAML', 'noise: [error', 1],
    ['a key twice', 'days: 3\nquery: x\ndays: 4', 3],
    ['more aliases than anybody needs', `a: &a [x]\nb: [${'*a,'.repeat(200)}]`, 1],
    ['no settings but a list', '- one', 1],
    ['far too long', `query: "${'x'.repeat(70_000)}"`, 1],
  ])('that is %s is a mistake with a line', (_, text, line) => {
    const { settings, mistakes } = read(text);
    expect(settings).toBeNull();
    expect(mistakes[0]).toContain(`.github/sentry.yml line ${line}: `);
  });

  it.each(['read', 'triage', 'none'])('cannot let the role %s approve', (role) => {
    expect(read(`minimum-role: ${role}`).settings).toBeNull();
  });

  it.each(['bindings: [a]', 'repo: acme/other', 'project: other', 'token: x', 'org: other'])(
    'cannot say what only the operator may: %s',
    (text) => {
      expect(read(text).settings).toBeNull();
    },
  );

  it('may name its own checks, each command as words or as a list', () => {
    const text = [
      'checks:',
      '  - name: unit tests (web)',
      `    run: npm test -- --run "two words" 'a*' b\\ c`,
      '    when: [web/**]',
      '    install: [sh, -c, "npm ci && make"]',
      '    cache: [package-lock.json]',
      '  - { name: lint, run: [make, lint] }',
    ].join('\n');
    expect(read(text).settings?.checks).toEqual([
      {
        name: 'unit tests (web)',
        run: ['npm', 'test', '--', '--run', 'two words', 'a*', 'b c'],
        when: ['web/**'],
        install: ['sh', '-c', 'npm ci && make'],
        cache: ['package-lock.json'],
      },
      { name: 'lint', run: ['make', 'lint'], when: [], install: null, cache: [] },
    ]);
  });

  it.each([
    ['run: npm test && npm run lint', 'no shell reads this, so & would mean nothing'],
    ['run: eslint src/*.ts', 'no shell reads this, so * would mean nothing'],
    ['run: echo "$HOME"', 'no shell reads this, so $ would mean nothing'],
    ['run: CI=1 npm test', 'this must begin with a program; write env CI=1 and so on'],
    [`run: npm "test`, 'a quote (") is not closed'],
    ['run: 5', 'this must be text or a list of texts'],
    ['run: []', 'this is too small or too short'],
    [
      'run: make\n    cache: [../secrets]',
      'this must be the path of a file of the repository, without a pattern',
    ],
    ['run: make\n    instal: x', 'do you mean `install`?'],
    ['run: make\n  - name: unit\n    run: make', 'another check has this name'],
  ])('with a check of which it says %j says what is wrong', (rest, mistake) => {
    const { settings, mistakes } = read(`checks:\n  - name: unit\n    ${rest}`);
    expect(settings).toBeNull();
    expect(mistakes.join()).toContain(mistake);
  });

  it.each(['@someone', '[x](y)', 'a | b', '#12', '`x`'])('lets no check be called %s', (name) => {
    const { mistakes } = read(`checks: [{ name: ${JSON.stringify(name)}, run: make }]`);
    expect(mistakes[0]).toContain('this may have letters, digits, spaces');
  });

  it('has a schema for editors that is current (npm run schema writes it)', async () => {
    const schema = z.toJSONSchema(settingsSchema, { io: 'input' });
    const named = { ...schema, title: 'Settings of Suture: .github/sentry.yml' };
    await expect(`${JSON.stringify(named, null, 2)}\n`).toMatchFileSnapshot(
      '../../schema/sentry.schema.json',
    );
  });
});

describe('the list of what not to fix', () => {
  it('is read from its section, as paths and globs', () => {
    const notes = [
      '# Notes',
      'Run `npm test` in `src/`.',
      '## Do Not Fix Unless Asked',
      '',
      '- `src/legacy/` is frozen',
      '- `src/payments/charge.ts:10-20`, `./config/*.json`',
      '* docs/old.md: kept for links',
      '- the colour of the buttons',
      '### Why',
      '- `src/vendor/**`',
      '## Commands',
      '- `src/index.ts`',
    ].join('\n');
    expect(doNotFixPaths(notes)).toEqual([
      'src/legacy/**',
      'src/payments/charge.ts',
      'config/*.json',
      'docs/old.md',
      'src/vendor/**',
    ]);
  });

  it('is empty where there is none', () => {
    expect(doNotFixPaths('# Notes\n\nFix `src/a.ts` whenever you like.')).toEqual([]);
  });
});

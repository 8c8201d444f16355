// A repository that names its own checks in its settings: they are what proves a fix there, and nothing else is run.

import { afterEach, describe, expect, it } from 'vitest';
import type { World } from '../world/world.ts';
import { crashAt, startKiosk } from './kiosk.ts';
import { pullOf, section, tick, triageIssueWith } from './steps.ts';

let world: World;

afterEach(() => world.close());

const settings = (...lines: string[]) => ({ '.github/sentry.yml': `${lines.join('\n')}\n` });

describe('checks that the repository names itself', () => {
  it('prove a fix in place of those that would be found, and are known at the same commit afterwards', async () => {
    world = await startKiosk({
      files: {
        '.gitignore': '.prepared\n',
        // What would be found fails; it is not asked.
        'test/labels.test.ts': "throw new Error('nobody runs this');\n",
        'own/labels.ts':
          "import { label1 } from '../src/shelf-1.ts';\nif (label1([{ id: 'a', label: ' x ' }], 'a') !== 'x') process.exit(1);\nconsole.log('1 passing');\n",
        ...settings(
          'checks:',
          '  - name: labels',
          '    run: node own/labels.ts',
          '    when: [src/**]',
          '  - name: prepared',
          '    run: test -f .prepared',
          '    install: [sh, -c, "test -f own/labels.ts && touch .prepared"]',
          '    cache: [package.json]',
          '  - name: documents',
          '    run: "false"',
          '    when: [docs/**]',
        ),
      },
    });
    await world.start();
    const first = await crashAt(world, 1);
    await tick(world, first);
    const pull = await pullOf(world, first);
    expect(pull.body).toContain('| checks at the base | ✓ labels: 1 passed · prepared: passed |');
    expect(pull.body).toContain('| labels | ✓ Passed before and after the change. |');
    expect(pull.body).toContain('| prepared | ✓ Passed before and after the change. |');
    expect(pull.body).not.toMatch(/npm test|tsc --noEmit|documents/);

    const second = await crashAt(world, 2);
    await tick(world, second);
    const next = await pullOf(world, second);
    expect(next.body).toContain(
      '| checks at the base | ✓ labels: 1 passed, known from an earlier run at this commit · prepared: passed, known from an earlier run at this commit |',
    );
    expect(next.body).toContain('| labels | ✓ Passed before and after the change. |');
  });

  it('propose nothing when one fails with the change, and say so when none is for the file', async () => {
    world = await startKiosk({
      files: settings(
        'checks:',
        '  - name: untouched',
        '    run: git diff --quiet --no-index src/shelf-1.ts own/shelf-1.ts',
        '    when: [src/shelf-1.ts]',
        '  - name: documents',
        '    run: "true"',
        '    when: [docs/**]',
      ),
    });
    await world.start();
    const shortId = await crashAt(world, 2);
    await tick(world, shortId);
    const issue = await triageIssueWith(world, '### Needs a person');
    expect(section(issue, 'Needs a person')).toContain(
      'None of the checks that `.github/sentry.yml` names is for `src/shelf-2.ts`, so nothing could prove a change.',
    );
    expect(await world.pulls()).toEqual([]);
  });

  it('are told of on the triage issue where they are written wrong', async () => {
    world = await startKiosk({ files: settings('checks:', '  - name: all', '    run: make && make test') });
    await world.start();
    await crashAt(world, 3);
    const issue = await triageIssueWith(world, 'line 3');
    expect(issue.body).toContain(
      '.github/sentry.yml line 3: `checks.0.run`: no shell reads this, so & would mean nothing',
    );
  });
});

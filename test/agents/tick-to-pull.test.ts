// From a person's word to a merged pull request with a real coding agent: Suture as a process, its proxy, its sandbox, the
// stand-ins of GitHub and Sentry, and a scripted model on loopback.

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullOf, resolved, section, triageIssueWith } from '../stories/steps.ts';
import { startWorld, until, type World } from '../world/world.ts';
import { openPrograms } from './programs.ts';
import { startModel, type ScriptedModel } from './scripted-model.ts';

const edit = {
  file: 'src/catalogue.ts',
  from: '  const category = from.products.find((product) => product.id === productId)!.category;',
  to: '  const category = findProduct(from, productId)?.category;',
};
const say = [
  'SUMMARY: look the product up before its category is read',
  'ROOT CAUSE: the id of a product that was taken out of the catalogue finds nothing',
  'CHANGE: relatedProduct gives undefined then, as its comment promises',
].join('\n');

const presets = {
  opencode: (file: string) => ({ command: [file, 'acp', '--cwd', '{dir}'], model: 'scripted' }),
  codex: (file: string) => ({ command: [file], model: 'gpt-5.5' }),
};

describe.each(['opencode', 'codex'] as const)('from a word to resolved with %s', (name) => {
  let world: World;
  let model: ScriptedModel;

  beforeAll(async () => {
    const programs = await openPrograms();
    model = await startModel();
    model.play({ edit, say });
    world = await startWorld();
    const preset = presets[name](programs[name]);
    await world.start({
      AGENT_PRESET: name,
      AGENT_COMMAND: JSON.stringify(preset.command),
      AGENT_MODEL: preset.model,
      MODEL_URL: model.url,
      MODEL_KEY: 'the-operators-dummy-key',
      MODEL_PRICES: '1, 10',
      SANDBOX: 'bubblewrap',
    });
  });
  afterAll(async () => {
    await world.close();
    await model.close();
  });

  it('opens one proved pull request, with what it cost', async () => {
    await world.crash('related-product');
    const issue = await triageIssueWith(world, '- [ ] **SHOP-1**');
    await world.comment(issue.number, '/sentry fix SHOP-1 with agent');
    const pull = await pullOf(world, 'SHOP-1');
    expect(pull.title).toBe('fix(catalogue): look the product up before its category is read (SHOP-1)');
    expect(pull.body).toMatch(new RegExp(`\\| change \\| ✓ agent: agent .*${name}`, 'i'));
    expect(pull.body).toMatch(/\| models \| ✓ \d+ requests, \d+ tokens, 0\.\d+ of money \|/);
    expect(pull.body).not.toContain('the-operators-dummy-key');
    const repository = world.github.repositoryDirectory('lantern/shop');
    const args = ['-C', repository, 'diff', '--unified=0', `main...${pull.branch}`, '--', edit.file];
    const diff = execFileSync('git', args, { encoding: 'utf8' });
    expect(diff.split('\n').slice(-3, -1)).toEqual([`-${edit.from}`, `+${edit.to}`]);
  });

  it('is resolved after the merge, as any other', async () => {
    const pull = await pullOf(world, 'SHOP-1');
    await until('CI to pass', async () => /CI ✅/.test((await world.triageIssue())?.body ?? ''));
    await world.merge(pull.number);
    await resolved(world, 'SHOP-1');
    const done = await triageIssueWith(world, /Strategy: agent /);
    expect(section(done, 'In work')).toBe('');
  });
});

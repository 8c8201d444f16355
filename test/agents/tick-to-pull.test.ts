// From a person's tick or comment to a merged pull request with a real coding agent: Suture as a process, its proxy, its sandbox, the
// stand-ins of GitHub and Sentry, and a scripted model on loopback.

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullOf, resolved, section, triageIssueWith } from '../stories/steps.ts';
import { startWorld, until, type World } from '../world/world.ts';
import { openPrograms } from './programs.ts';
import { startModel, type ScriptedModel } from './scripted-model.ts';

/** What templates must refuse, so that a tick comes to the agent; and what they could mend, so that it is asked by name. */
const asked = [
  {
    name: 'opencode',
    how: 'a tick',
    crash: 'no-shipping-rate',
    edit: {
      file: 'src/shipping.ts',
      from: '  const perKilo = table.get(parcel.country)!.perKilo;',
      to: [
        '  const rate = table.get(parcel.country);',
        '  if (!rate) throw new Error(`There is no rate for ${parcel.country}.`);',
        '  const { perKilo } = rate;',
      ].join('\n'),
    },
    title: 'fix(shipping): say which country has no rate (SHOP-1)',
    say: [
      'SUMMARY: say which country has no rate',
      'ROOT CAUSE: the table has no rate for every country that is asked for',
      'CHANGE: shippingCost throws an error that names the country',
    ].join('\n'),
  },
  {
    name: 'codex',
    how: 'a comment',
    crash: 'related-product',
    edit: {
      file: 'src/catalogue.ts',
      from: '  const category = from.products.find((product) => product.id === productId)!.category;',
      to: '  const category = findProduct(from, productId)?.category;',
    },
    title: 'fix(catalogue): look the product up before its category is read (SHOP-1)',
    say: [
      'SUMMARY: look the product up before its category is read',
      'ROOT CAUSE: the id of a product that was taken out of the catalogue finds nothing',
      'CHANGE: relatedProduct gives undefined then, as its comment promises',
    ].join('\n'),
  },
] as const;

const presets = {
  opencode: (file: string) => ({ command: [file, 'acp', '--cwd', '{dir}'], model: 'scripted' }),
  codex: (file: string) => ({ command: [file], model: 'gpt-5.5' }),
};

describe.each(asked)('from $how to resolved with $name', ({ name, how, crash, edit, title, say }) => {
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
    await world.crash(crash);
    const issue = await triageIssueWith(world, '- [ ] **SHOP-1**');
    if (how === 'a tick') await world.setBox('SHOP-1', true);
    else await world.comment(issue.number, '/sentry fix SHOP-1 with agent');
    const pull = await pullOf(world, 'SHOP-1');
    expect(pull.title).toBe(title);
    expect(pull.body).toMatch(new RegExp(`\\| change \\| ✓ agent: agent .*${name}`, 'i'));
    expect(pull.body).toMatch(/\| models \| ✓ \d+ requests, \d+ tokens, 0\.\d+ of money \|/);
    expect(pull.body).not.toContain('the-operators-dummy-key');
    const repository = world.github.repositoryDirectory('lantern/shop');
    const args = ['-C', repository, 'diff', '--unified=0', `main...${pull.branch}`, '--', edit.file];
    const diff = execFileSync('git', args, { encoding: 'utf8' });
    const changed = diff.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line));
    expect(changed).toEqual([`-${edit.from}`, ...edit.to.split('\n').map((line) => `+${line}`)]);
    const said = (await world.comments(issue.number)).map(({ body }) => body);
    expect(said.filter((body) => body.includes('the agent has changed something'))).toHaveLength(1);
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

// Agents and commands as people meet them: asked by name, stopped by a box, refused with what was found. The agent is a real
// process that follows a script (test/world/agent); `npm run test:agents` has real agents.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { startWorld, until, type World } from '../world/world.ts';
import { pullOf, quiet, section, triageIssueWith } from './steps.ts';

const fakeAgent = fileURLToPath(new URL('../world/agent/fake-agent.mjs', import.meta.url));
const edit = {
  do: 'edit',
  file: 'src/catalogue.ts',
  from: 'from.products.find((product) => product.id === productId)!.category',
  to: 'findProduct(from, productId)?.category',
};

let world: World;
afterEach(() => world.close());

/** Suture with an agent that follows the script; its model is never asked. */
async function begin(turns: unknown[][] | null, extra: Record<string, string> = {}): Promise<number> {
  world = await startWorld();
  const agent = {
    AGENT_COMMAND: JSON.stringify([process.execPath, fakeAgent, JSON.stringify({ turns })]),
    AGENT_MODE: 'ask',
    MODEL_URL: 'http://127.0.0.1:1/v1',
    MODEL_KEY: 'a-key-that-nobody-may-see',
  };
  await world.start({ ...(turns ? agent : {}), ...extra });
  await world.crash('related-product');
  return (await triageIssueWith(world, '- [ ] **SHOP-1**')).number;
}

async function answer(issue: number, text: RegExp): Promise<string> {
  return until(`an answer with ${text}`, async () =>
    (await world.comments(issue)).map(({ body }) => body).find((body) => text.test(body)),
  );
}

/** The comments that follow that fix at work: there must be one at most. */
async function diary(issue: number): Promise<string> {
  const all = (await world.comments(issue)).map(({ body }) => body);
  const own = all.filter((body) => body.startsWith('**SHOP-1** · approved by mia · '));
  expect(own.length).toBeLessThanOrEqual(1);
  return own[0] ?? '';
}

function transcripts(): string[] {
  const folder = path.join(world.dataDir, 'transcripts');
  return readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
}

describe('an agent', () => {
  it('repairs its own change with what failed, and opens one pull request', async () => {
    const breaks = { ...edit, to: 'findProduct(from, productId).nothing' };
    const repairs = { ...edit, from: breaks.to, to: edit.to };
    const issue = await begin([
      [breaks],
      [repairs, { do: 'say', text: 'SUMMARY: look the product up first' }],
    ]);
    await world.comment(issue, '/sentry fix SHOP-1 with agent');
    const pull = await pullOf(world, 'SHOP-1');
    expect(pull.title).toBe('fix(catalogue): look the product up first (SHOP-1)');
    expect(pull.body).toMatch(/\| try 1 \(agent\) \| ✗ /);
    expect(pull.body).toMatch(/\| change \| ✓ agent: agent fake-agent 1\.2\.3 \|/);
    expect(transcripts()).toHaveLength(1);
    const followed = await until('the end of its comment', async () => {
      const text = await diary(issue);
      return text.includes('· done; the pull request comes next') && text;
    });
    const steps = [...followed.matchAll(/^- \d\d:\d\d UTC · (.*)$/gm)].map(([, step]) => step);
    expect(steps).toEqual([
      'the agent begins',
      'the agent changes `src/catalogue.ts`',
      'the agent has changed something; its proof follows',
      'the agent is told what failed',
      'the agent has changed something; its proof follows',
    ]);
    expect(followed).toContain(
      'One fix stops at 20 minutes, 200 requests, 5,000,000 tokens. Today, all fixes',
    );
    expect(JSON.stringify(pull) + JSON.stringify(await world.comments(issue))).not.toContain('a-key-that');
  });

  it('stops when a person empties the box, and nothing is left of it', async () => {
    const issue = await begin([[edit, { do: 'hang' }]]);
    await world.comment(issue, '/sentry fix SHOP-1 with agent');
    await triageIssueWith(world, /- \[x\] \*\*SHOP-1\*\* · (?:writing the change|the agent) /);
    await until('the agent to work', () => existsSync(path.join(world.dataDir, 'transcripts')));
    await world.setBox('SHOP-1', false);
    await triageIssueWith(world, 'withdrawn; tick to start again');
    await until('its comment to say so', async () => /stopped, because it was/.test(await diary(issue)));
    await until('its folder to be gone', () => readdirSync(path.join(world.dataDir, 'agents')).length === 0);
    await quiet(world);
    expect(await world.pulls()).toEqual([]);
    expect(section(await world.triageIssue(), 'In work')).toBe('');
  });

  it('that tries again is followed on the pull request, and stops when people want something else', async () => {
    const issue = await begin([[edit, { do: 'hang' }]]);
    await world.comment(issue, '/sentry fix SHOP-1');
    const { number } = await pullOf(world, 'SHOP-1');
    const followed = async (): Promise<string[]> => {
      const said = (await world.comments(number)).map(({ body }) => body.split('\n')[0] ?? '');
      return said
        .filter((line) => line.startsWith('**SHOP-1** · another attempt, approved by mia · '))
        .map((line) => line.split(' · ').at(-1) ?? '');
    };
    const inWork = 'in work; close this pull request to stop it';
    const stopped = 'stopped, because nobody waits for it any more';
    await world.comment(number, '/sentry retry with agent keep the log line');
    await until('its comment', async () => (await followed()).join() === inWork);
    await world.comment(number, '/sentry retry with agent keep no log line');
    await until('the other one', async () => (await followed()).join() === [stopped, inWork].join());
    await until('the hint to reach it', () => transcripts().some((text) => /keep no log line/.test(text)));
    await world.closePull(number);
    await until('the end of both', async () => (await followed()).join() === [stopped, stopped].join());
    await until('its folder to be gone', () => readdirSync(path.join(world.dataDir, 'agents')).length === 0);
    await quiet(world);
    expect(await diary(issue)).toBe('');
    expect((await world.pulls()).map(({ state }) => state)).toEqual(['closed']);
  });

  it('that refuses leaves it to a person with what was found and tried', async () => {
    const issue = await begin([[{ do: 'say', text: 'ROOT CAUSE: the price list is wrong, not the code' }]]);
    await world.comment(issue, '/sentry fix SHOP-1 with agent');
    const left = section(await triageIssueWith(world, '### Needs a person'), 'Needs a person');
    expect(left).toContain('It changed nothing. In its words: The price list is wrong, not the code.');
    expect(left).toContain('src/catalogue.ts');
    expect(left).toContain('What I found');
    await until('its comment to say so', async () => /ended without a change/.test(await diary(issue)));
    await world.comment(issue, '/sentry retry SHOP-1 with agent look at the price list first');
    await until('the hint to reach it', () =>
      transcripts().some((text) => /the price list first/.test(text)),
    );
    expect((await world.comments(issue)).map(({ body }) => body).join('\n')).not.toContain('nobody reads');
  });
});

describe('a command', () => {
  it('writes the change from the task it is given', async () => {
    world = await startWorld();
    const program = path.join(world.dataDir, 'fix-it.mjs');
    mkdirSync(world.dataDir, { recursive: true });
    writeFileSync(
      program,
      [
        `#!${process.execPath}`,
        "import { readFileSync, writeFileSync } from 'node:fs';",
        "const task = JSON.parse(readFileSync(0, 'utf8'));",
        "if (task.previousFailure || !task.prompt.includes('SHOP-1')) process.exit(7);",
        "const text = readFileSync(task.suspect.path, 'utf8');",
        `writeFileSync(task.suspect.path, text.replace(${JSON.stringify(edit.from)}, ${JSON.stringify(edit.to)}));`,
        "console.log('SUMMARY: look the product up first');",
      ].join('\n'),
    );
    chmodSync(program, 0o755);
    await world.start({ COMMAND_FIXER: program });
    await world.crash('related-product');
    const { number } = await triageIssueWith(world, '- [ ] **SHOP-1**');
    await world.comment(number, '/sentry fix SHOP-1 with command');
    const pull = await pullOf(world, 'SHOP-1');
    expect(pull.body).toMatch(/\| change \| ✓ command: command \|/);
    expect(readFileSync(program, 'utf8')).toContain('SUMMARY');
  });
});

it('names the line that would have been right when a fixer is not set up', async () => {
  const issue = await begin(null);
  await world.comment(issue, '/sentry fix SHOP-1 with agent');
  expect(await answer(issue, /not set up/)).toContain(
    'The fixer `agent` is not set up here; there is: `templates`. Right would be: `/sentry fix PER-1A`',
  );
  await world.comment(issue, '/sentry fix SHOP-1 with magic');
  expect(await answer(issue, /needs one fixer/)).toContain('Right would be: `/sentry fix SHOP-1 with ');
  await quiet(world);
  expect(await world.pulls()).toEqual([]);
});

it('says that templates read no hints, where there is nobody else', async () => {
  const issue = await begin(null);
  await world.comment(issue, '/sentry fix SHOP-1');
  await pullOf(world, 'SHOP-1');
  await world.comment(issue, '/sentry retry SHOP-1 use the cache');
  expect(await answer(issue, /nobody reads them/)).toContain('`templates` does not read hints');
  expect(await diary(issue)).toBe('');
});

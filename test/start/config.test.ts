// Settings: right ones are read, wrong ones are all named at once, and no secret is ever repeated.

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBindings } from '../../src/config-parsers.ts';
import { settings } from '../../src/config-table.ts';
import { ConfigError, readConfig, readFixing } from '../../src/config.ts';
import { presets } from '../../src/fixers/agent/presets.ts';

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

const good = {
  APP_ID: '12',
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: 'a-long-webhook-secret',
  SENTRY_TOKEN: 'sntryi_abcdef',
  SENTRY_WEBHOOK_SECRET: 'a-long-client-secret',
  BINDINGS: 'acme/shop=acme/shop-web',
};

function read(env: Record<string, string>, files: Record<string, string> = {}) {
  return readConfig({
    env,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
  });
}

function mistakes(env: Record<string, string>): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
  }
  return [];
}

describe('settings', () => {
  it('have defaults for all but what only the operator knows', () => {
    expect(read(good)).toMatchObject({
      github: {
        appId: 12,
        apiUrl: 'https://api.github.com',
        webUrl: 'https://github.com',
        writePauseMs: 1000,
      },
      sentry: { url: 'https://sentry.io' },
      bindings: [
        {
          id: 'acme/shop=acme/shop-web',
          source: { org: 'acme', project: 'shop' },
          repo: { owner: 'acme', name: 'shop-web' },
        },
      ],
      databaseUrl: null,
      host: '127.0.0.1',
      port: 3000,
      fetchMinutes: 15,
    });
  });

  it('point at self-hosted servers', () => {
    const config = read({
      ...good,
      GITHUB_API_URL: 'https://ghe.example/api/v3/',
      SENTRY_URL: 'http://127.0.0.1:9000',
    });
    expect(config.github).toMatchObject({
      apiUrl: 'https://ghe.example/api/v3',
      webUrl: 'https://ghe.example',
    });
    expect(config.sentry.url).toBe('http://127.0.0.1:9000');
  });

  it.each([
    ['base64', { PRIVATE_KEY: Buffer.from(privateKey).toString('base64') }, {}],
    ['escaped line ends', { PRIVATE_KEY: privateKey.replaceAll('\n', '\\n') }, {}],
    ['a file', { PRIVATE_KEY: '', PRIVATE_KEY_PATH: 'key.pem' }, { 'key.pem': privateKey }],
  ])('take the private key as %s', (_, env, files) => {
    expect(read({ ...good, ...env }, files).github.privateKey).toBe(privateKey);
  });

  it('name every mistake in one message', () => {
    expect(mistakes({})).toEqual([
      expect.stringContaining('APP_ID: is missing'),
      expect.stringContaining('PRIVATE_KEY: is missing'),
      expect.stringContaining('WEBHOOK_SECRET: is missing'),
      expect.stringContaining('SENTRY_TOKEN: is missing'),
      expect.stringContaining('SENTRY_WEBHOOK_SECRET: is missing'),
      expect.stringContaining('BINDINGS: is missing'),
    ]);
  });

  it.each([
    ['WEBHOOK_SECRET', '', 'would let anyone send events'],
    ['WEBHOOK_SECRET', '   ', 'would let anyone send events'],
    ['WEBHOOK_SECRET', 'development', 'too short'],
    ['SENTRY_WEBHOOK_SECRET', '', 'would let anyone send events'],
    ['APP_ID', 'my-app', 'whole number'],
    ['PRIVATE_KEY', 'not a key', 'is not a private key'],
    ['SENTRY_URL', 'sentry.io', 'web address'],
    ['SENTRY_URL', 'https://user:pass@sentry.io', 'must not hold a user'],
    ['DATABASE_URL', 'mysql://x/y', 'postgres://'],
    ['PORT', '70000', 'from 0 to 65535'],
    ['FETCH_MINUTES', '0', 'from 1 to 1440'],
    ['LOG_LEVEL', 'loud', 'one of trace'],
    ['BINDINGS', 'acme/shop', 'must look like'],
    ['BINDINGS', 'acme/shop=acme/a,acme/shop=acme/b', 'bound twice'],
    ['BINDINGS', '../x=a/b', 'must look like'],
    ['BINDINGS', 'a/x=a/..', 'must look like'],
  ])('%s=%j is refused', (name, value, words) => {
    const found = mistakes({ ...good, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${name}: `);
    expect(found[0]).toContain(words);
  });

  it('never repeat a secret', () => {
    const secrets = {
      WEBHOOK_SECRET: 'hunter2',
      SENTRY_TOKEN: 'tok',
      SENTRY_WEBHOOK_SECRET: 'hunter3',
      PRIVATE_KEY: 'hunter4',
      DATABASE_URL: 'mysql://u:hunter5@h/d',
    };
    expect(mistakes({ ...good, ...secrets }).join('\n')).not.toMatch(/hunter|"tok"/);
  });

  it('bind several projects', () => {
    expect(parseBindings('a/b=c/d, e/f=c/d\ng/h=i/j').map((binding) => binding.id)).toEqual([
      'a/b=c/d',
      'e/f=c/d',
      'g/h=i/j',
    ]);
  });
});

describe('.env.example', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const lines = example.split('\n').filter((line) => /^#?[A-Z_]+=/.test(line));

  it('names every setting with its default, in order', () => {
    expect(lines).toEqual(
      settings.map(({ name, fallback }) => (fallback === null ? `${name}=` : `#${name}=${fallback}`)),
    );
  });

  it('explains each of them', () => {
    for (const { meaning } of settings) expect(example).toContain(`# ${meaning}\n`);
  });
});

describe('settings of agents and models', () => {
  const model = { MODEL_URL: 'https://api.example.org/v1/', MODEL_KEY: 'the-real-key' };

  it('are none unless somebody asks for them', () => {
    expect(readFixing({})).toEqual({
      fixers: { agent: null, command: null, minutes: 20, readable: [] },
      models: null,
    });
  });

  it('come from a preset, and what the operator says wins', () => {
    const env = {
      ...model,
      AGENT_PRESET: 'opencode',
      AGENT_MODEL: 'qwen3/coder:30b',
      AGENT_COMMAND: '["/opt/my tools/opencode", "acp"]',
      AGENT_ENV: 'OPENCODE_DISABLE_AUTOUPDATE=0, LC_ALL',
      LC_ALL: 'C.UTF-8',
    };
    const { agent } = readFixing(env).fixers;
    expect(agent).toMatchObject({
      command: ['/opt/my tools/opencode', 'acp'],
      model: 'qwen3/coder:30b',
      env: { OPENCODE_DISABLE_AUTOUPDATE: '0', OPENCODE_DISABLE_PROJECT_CONFIG: '1', LC_ALL: 'C.UTF-8' },
    });
    expect(readFixing(env).models).toMatchObject({
      url: 'https://api.example.org/v1',
      fixCap: { requests: 200, tokens: 5_000_000, money: null },
    });
  });

  it.each(Object.keys(presets))('have a preset %s that only fills settings', (AGENT_PRESET) => {
    const { agent } = readFixing({ ...model, AGENT_PRESET, AGENT_MODEL: 'm' }).fixers;
    expect(agent?.command.length).toBeGreaterThan(0);
    expect(JSON.stringify(agent)).toContain('{model-url}');
    expect(JSON.stringify(agent)).toContain('{model-key}');
  });

  it('name every mistake and no secret', () => {
    const env = {
      ...good,
      AGENT_PRESET: 'clippy',
      AGENT_ENV: 'SENTRY_TOKEN, UNSET_NAME',
      AGENT_META: '[]',
      COMMAND_FIXER: 'sh -c "rm x"',
      FIXER_MINUTES: '0',
      FIXER_READABLE: 'opt',
      MODEL_URL: 'ftp://example.org',
      MODEL_PRICES: '3',
      MODEL_CAP_DAY: '5 money',
      MODEL_CAP_FIX: 'a lot',
    };
    expect(mistakes(env)).toMatchInlineSnapshot(`
      [
        "AGENT_PRESET: must be one of claude, codex, gemini, copilot, opencode; any other agent goes into AGENT_COMMAND.",
        "AGENT_ENV: SENTRY_TOKEN is a setting of Suture or a token, which no agent gets.",
        "AGENT_META: must be a JSON object.",
        "COMMAND_FIXER: is not run by a shell: write words with quotes or blanks as a JSON array.",
        "FIXER_MINUTES: must be a whole number from 1 to 60.",
        "FIXER_READABLE: "opt" must be an absolute path.",
        "MODEL_URL: must be a web address such as https://api.openai.com/v1.",
        "MODEL_PRICES: must be two to four numbers, money for a million tokens: 3, 15, 0.3, 3.75.",
        "MODEL_CAP_FIX: must look like 200 requests, 5000000 tokens, 5 money; each at most once.",
        "MODEL_CAP_DAY: limits money, so MODEL_PRICES must say what tokens cost.",
      ]
    `);
    expect(mistakes({ ...good, AGENT_COMMAND: 'some-agent' })).toEqual([
      'MODEL_URL: is missing. An agent reaches no other address than that of its model.',
    ]);
    expect(mistakes({ ...good, ...model, AGENT_PRESET: 'codex' })).toEqual([
      'AGENT_MODEL: is missing: this agent must be told which model to use.',
    ]);
  });
});

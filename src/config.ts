// Environment -> Config, or one error that lists everything wrong and how to mend it.
// It must not start anything, and no value of a secret may appear in its messages.

import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { Binding } from './domain/problem.ts';
import { fixerSettings, readFixerSettings, type FixerSettings } from './fixers/settings.ts';
import { modelSettings, readModelSettings, type ModelSettings } from './models/settings.ts';
import { readSandboxSettings, sandboxSettings, type SandboxSettings } from './run/settings.ts';

export type Config = {
  github: {
    appId: number;
    privateKey: string;
    webhookSecret: string;
    apiUrl: string;
    /** Where repositories are cloned from and pages are shown. */
    webUrl: string;
    writePauseMs: number;
  };
  sentry: { url: string; token: string; webhookSecret: string };
  bindings: Binding[];
  fixing: Fixing;
  sandbox: SandboxSettings;
  dataDir: string;
  databaseUrl: string | null;
  host: string;
  port: number;
  fetchMinutes: number;
  logLevel: LogLevel;
};

/** What agents and commands that write changes need; the command line reads it without the rest. */
export type Fixing = { fixers: FixerSettings; models: ModelSettings | null };

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

type Setting = { name: string; secret?: boolean; fallback: string | null; meaning: string };

/** Every setting there is, in the order of `.env.example`; a test holds the two together. */
export const settings: readonly Setting[] = [
  { name: 'APP_ID', fallback: null, meaning: "The GitHub App's id (its settings page, General)." },
  {
    name: 'PRIVATE_KEY',
    secret: true,
    fallback: null,
    meaning: "The App's private key (PEM, or the PEM in base64). Or give PRIVATE_KEY_PATH.",
  },
  {
    name: 'PRIVATE_KEY_PATH',
    fallback: '',
    meaning: 'A file that holds the private key, instead of PRIVATE_KEY.',
  },
  {
    name: 'WEBHOOK_SECRET',
    secret: true,
    fallback: null,
    meaning: "The App's webhook secret, at least 16 characters.",
  },
  {
    name: 'SENTRY_TOKEN',
    secret: true,
    fallback: null,
    meaning: 'The token of an internal integration with Issue & Event: Read & Write and Project: Read.',
  },
  {
    name: 'SENTRY_WEBHOOK_SECRET',
    secret: true,
    fallback: null,
    meaning: "The internal integration's client secret; it signs Sentry's webhooks.",
  },
  {
    name: 'BINDINGS',
    fallback: null,
    meaning:
      'Which Sentry project belongs to which repository: org/project=owner/repository, several separated by commas.',
  },
  {
    name: 'SENTRY_URL',
    fallback: 'https://sentry.io',
    meaning: 'Sentry itself; https://de.sentry.io for the EU, your own host when self-hosted.',
  },
  {
    name: 'GITHUB_API_URL',
    fallback: 'https://api.github.com',
    meaning: "GitHub's API; https://HOST/api/v3 for GitHub Enterprise Server.",
  },
  {
    name: 'GITHUB_URL',
    fallback: '',
    meaning: 'Where repositories are cloned from; derived from GITHUB_API_URL when empty.',
  },
  {
    name: 'GITHUB_WRITE_PAUSE_MS',
    fallback: '1000',
    meaning: 'The pause between writes that GitHub asks for; lower it only for your own server.',
  },
  {
    name: 'DATA_DIR',
    fallback: './data',
    meaning: 'Where the database, the mirrors and the worktrees live.',
  },
  {
    name: 'DATABASE_URL',
    secret: true,
    fallback: '',
    meaning: 'A Postgres to use instead of the built-in database: postgres://user:password@host/name.',
  },
  { name: 'HOST', fallback: '127.0.0.1', meaning: 'The address to listen on; 0.0.0.0 in a container.' },
  { name: 'PORT', fallback: '3000', meaning: 'The port to listen on.' },
  {
    name: 'FETCH_MINUTES',
    fallback: '15',
    meaning: 'How often Sentry is asked for its unresolved issues, 1 to 1440.',
  },
  ...fixerSettings,
  ...modelSettings,
  ...sandboxSettings,
  { name: 'LOG_LEVEL', fallback: 'info', meaning: `One of ${logLevels.join(', ')}.` },
];

/** Everything that is wrong with the settings, as one text for the operator. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(
      `Suture cannot start: ${mistakes.length === 1 ? '1 setting needs' : `${mistakes.length} settings need`} attention.\n` +
        mistakes.map((mistake) => `  - ${mistake}`).join('\n') +
        '\nSet them in the environment or in a file named .env; .env.example explains each.',
    );
    this.mistakes = mistakes;
  }
}

type Source = { env: Readonly<Record<string, string | undefined>>; readFile: (path: string) => string };

/** Reads all settings. Throws ConfigError naming every mistake at once; reads no file but PRIVATE_KEY_PATH. */
export function readConfig(source: Source): Config {
  const mistakes: string[] = [];
  const take = takeFrom(source.env, mistakes);
  const apiUrl = take('GITHUB_API_URL', webAddress);
  const found = {
    github: {
      appId: take('APP_ID', wholeNumber(1, Number.MAX_SAFE_INTEGER)),
      privateKey: take('PRIVATE_KEY', (value) => privateKey(value, source)),
      webhookSecret: take('WEBHOOK_SECRET', secretText(16)),
      apiUrl,
      webUrl: take('GITHUB_URL', (value) => (value === '' ? webUrlOf(apiUrl ?? '') : webAddress(value))),
      writePauseMs: take('GITHUB_WRITE_PAUSE_MS', wholeNumber(0, 60_000)),
    },
    sentry: {
      url: take('SENTRY_URL', webAddress),
      token: take('SENTRY_TOKEN', secretText(8)),
      webhookSecret: take('SENTRY_WEBHOOK_SECRET', secretText(16)),
    },
    bindings: take('BINDINGS', parseBindings),
    fixing: takeFixing(source.env, mistakes),
    sandbox: readSandboxSettings(take),
    dataDir: take('DATA_DIR', filled),
    databaseUrl: take('DATABASE_URL', databaseAddress),
    host: take('HOST', filled),
    port: take('PORT', wholeNumber(0, 65_535)),
    fetchMinutes: take('FETCH_MINUTES', wholeNumber(1, 1440)),
    logLevel: take('LOG_LEVEL', logLevel),
  };
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return found as Config;
}

type Take = <T>(name: string, parse: (value: string) => T) => T | null;

/** Gives a setting to its parser; what that throws becomes a mistake. */
function takeFrom(env: Source['env'], mistakes: string[]): Take {
  return (name, parse) => {
    try {
      return parse(valueOf(env, name));
    } catch (error) {
      mistakes.push(`${name}: ${error instanceof Error ? error.message : 'not understood.'}`);
      return null;
    }
  };
}

/** What agents and commands need. Throws ConfigError naming every mistake at once. */
export function readFixing(env: Source['env']): Fixing {
  const mistakes: string[] = [];
  const fixing = takeFixing(env, mistakes);
  if (fixing === null || mistakes.length > 0) throw new ConfigError(mistakes);
  return fixing;
}

function takeFixing(env: Source['env'], mistakes: string[]): Fixing | null {
  const take = takeFrom(env, mistakes);
  const fixers = readFixerSettings(take, env);
  const models = readModelSettings(take);
  if (fixers?.agent && valueOf(env, 'MODEL_URL') === '')
    mistakes.push('MODEL_URL: is missing. An agent reaches no other address than that of its model.');
  return fixers && { fixers, models };
}

/** For the command line, which needs no others. Throws ConfigError. */
export function readSandbox(env: Source['env']): SandboxSettings {
  const mistakes: string[] = [];
  const found = readSandboxSettings(takeFrom(env, mistakes));
  if (found === null) throw new ConfigError(mistakes);
  return found;
}

function valueOf(env: Source['env'], name: string): string {
  const given = env[name]?.trim() ?? '';
  return given === '' ? (settings.find((setting) => setting.name === name)?.fallback ?? '') : given;
}

function filled(value: string): string {
  if (value === '') throw new Error('is missing.');
  return value;
}

function secretText(minimum: number) {
  return (value: string): string => {
    if (value === '')
      throw new Error(
        'is missing. An empty secret would let anyone send events, so I do not start without it.',
      );
    if (value.length < minimum) throw new Error(`is too short: at least ${minimum} characters.`);
    return value;
  };
}

function wholeNumber(minimum: number, maximum: number) {
  return (value: string): number => {
    if (value === '') throw new Error('is missing.');
    const number = z.coerce.number().int().min(minimum).max(maximum).safeParse(value);
    if (!number.success) throw new Error(`must be a whole number from ${minimum} to ${maximum}.`);
    return number.data;
  };
}

function webAddress(value: string): string {
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error('must be a web address such as https://example.org.');
  if (url.username || url.password || url.search)
    throw new Error('must not hold a user, a password or a query.');
  return value.replace(/\/+$/, '');
}

function databaseAddress(value: string): string | null {
  if (value === '') return null;
  const url = URL.parse(value);
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol))
    throw new Error('must look like postgres://user:password@host/name.');
  return value;
}

function logLevel(value: string): LogLevel {
  const level = logLevels.find((known) => known === value.toLowerCase());
  if (!level) throw new Error(`must be one of ${logLevels.join(', ')}.`);
  return level;
}

function privateKey(value: string, source: Source): string {
  const path = valueOf(source.env, 'PRIVATE_KEY_PATH');
  if (value === '' && path === '')
    throw new Error('is missing: paste the PEM file that GitHub gave you, or name it in PRIVATE_KEY_PATH.');
  const text = value === '' ? readKeyFile(path, source) : value;
  const pem = text.includes('-----BEGIN')
    ? text.replaceAll('\\n', '\n')
    : Buffer.from(text, 'base64').toString('utf8');
  try {
    createPrivateKey(pem);
  } catch {
    throw new Error(
      'is not a private key: it must start with -----BEGIN … PRIVATE KEY----- or be that text in base64.',
    );
  }
  return pem;
}

function readKeyFile(path: string, source: Source): string {
  try {
    return source.readFile(path);
  } catch (error) {
    throw new Error(
      `the file of PRIVATE_KEY_PATH cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      { cause: error },
    );
  }
}

function webUrlOf(apiUrl: string): string {
  if (apiUrl === 'https://api.github.com') return 'https://github.com';
  return apiUrl.replace(/\/api\/v3$/, '');
}

const bindingPattern = /^(?!\.)([\w.-]+)\/(?!\.)([\w.-]+)=(?!\.)([\w.-]+)\/(?!\.{1,2}$)([\w.-]+)$/;

/** `org/project=owner/repo`, separated by commas or white space. Each Sentry project at most once. */
export function parseBindings(value: string): Binding[] {
  const parts = value.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) throw new Error('is missing: give at least one org/project=owner/repository.');
  const bindings = parts.map(parseBinding);
  const sources = bindings.map((binding) => `${binding.source.org}/${binding.source.project}`.toLowerCase());
  const twice = sources.find((name, index) => sources.indexOf(name) !== index);
  if (twice) throw new Error(`${twice} is bound twice; a Sentry project belongs to one repository.`);
  return bindings;
}

function parseBinding(part: string): Binding {
  const [, org, project, owner, name] = bindingPattern.exec(part) ?? [];
  if (!org || !project || !owner || !name)
    throw new Error(`"${part.slice(0, 80)}" must look like org/project=owner/repository.`);
  return { id: part, source: { org, project }, repo: { owner, name } };
}

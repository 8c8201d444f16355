// Environment -> Config, or one error that lists everything wrong and how to mend it.
// It must not start anything, and no value of a secret may appear in its messages.

import {
  databaseAddress,
  filled,
  logLevel,
  parseBindings,
  privateKeyText,
  secretText,
  webAddress,
  wholeNumber,
} from './config-parsers.ts';
import { settings, type LogLevel } from './config-table.ts';
import type { Binding } from './domain/problem.ts';
import { readFixerSettings, type FixerSettings } from './fixers/settings.ts';
import { readModelSettings, type ModelSettings } from './models/settings.ts';
import { readSandboxSettings, type SandboxSettings } from './run/settings.ts';

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

function privateKey(value: string, source: Source): string {
  const path = valueOf(source.env, 'PRIVATE_KEY_PATH');
  if (value === '' && path === '')
    throw new Error('is missing: paste the PEM file that GitHub gave you, or name it in PRIVATE_KEY_PATH.');
  return privateKeyText(value === '' ? readKeyFile(path, source) : value);
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

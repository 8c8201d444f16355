// Joins everything: reads the command line, chooses a command, and turns its end into an exit status.
// 0 done, 1 an error, 2 wrong use, 3 refused (design, section 7).

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig, readFixing, readSandbox } from './config.ts';
import { examine } from './doctor.ts';
import { Refusal } from './domain/failure.ts';
import type { PathMapping } from './domain/locate/find-path.ts';
import { parseMapping } from './domain/locate/mapping.ts';
import { locationJson, locationLines } from './domain/locate/report.ts';
import { fixLocally, locateLocally, type LocalInput } from './local.ts';
import { createLog } from './log.ts';
import { findingsText, fixText } from './print.ts';
import { serve } from './serve.ts';

const usage = `Usage:
  npm start                                             serve: webhooks, jobs, timer
  npm run -s suture -- doctor [--json]                  look whether everything is set up
  npm run -s suture -- locate --event FILE --repo DIR [--rev REV] [--mapping STACK_ROOT=SOURCE_ROOT] [--json]
  npm run -s suture -- fix    --event FILE --repo DIR [--rev REV] [--mapping …] [--fixer NAME] [--json]
FILE is a Sentry event as the REST API returns it; --mapping may be given several times. See README.md.`;

class WrongUse extends Error {}

const options = {
  event: { type: 'string' },
  repo: { type: 'string' },
  rev: { type: 'string', default: 'HEAD' },
  mapping: { type: 'string', multiple: true, default: [] as string[] },
  fixer: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

async function main(argv: readonly string[]): Promise<number> {
  const { command, values } = readCommandLine(argv);
  if (values.help || command === 'help') return print(usage);
  switch (command) {
    case 'serve':
      return serveUntilStopped();
    case 'doctor':
      return doctor(values.json);
    case 'locate':
      return locate(values);
    case 'fix':
      return fix(values);
    default:
      throw new WrongUse(`There is no command ${command}.`);
  }
}

function readCommandLine(argv: readonly string[]): { command: string; values: Values } {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    if (positionals.length > 1) throw new WrongUse(`I do not understand ${positionals.slice(1).join(' ')}.`);
    return { command: positionals[0] ?? 'serve', values };
  } catch (error) {
    throw error instanceof WrongUse
      ? error
      : new WrongUse(error instanceof Error ? error.message : 'not understood');
  }
}

function environment(): Parameters<typeof readConfig>[0] {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { env: process.env, readFile: (file) => readFileSync(file, 'utf8') };
}

/** Resolves when a signal has asked to stop and everything has stopped. A second signal ends at once. */
async function serveUntilStopped(): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const serving = await serve(readConfig(environment()));
  await stopped;
  await serving.close();
  return 0;
}

async function doctor(json: boolean): Promise<number> {
  const log = createLog({ level: 'silent', secrets: [], stream: 2 });
  const findings = await examine(environment(), log);
  print(json ? JSON.stringify({ ok: findings.every(({ ok }) => ok), findings }) : findingsText(findings));
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

function localInput(values: Values): LocalInput {
  if (!values.event || !values.repo) throw new WrongUse('Give --event FILE and --repo DIR.');
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const { env } = environment();
  const fixing = readFixing(env);
  const log = createLog({ level: 'info', secrets: [fixing.models?.key ?? ''], stream: 2 });
  return {
    event: path.resolve(from, values.event),
    repo: path.resolve(from, values.repo),
    rev: values.rev,
    mappings: values.mapping.map(readMapping),
    fixer: values.fixer ?? null,
    sandbox: readSandbox(env),
    fixing,
    log,
  };
}

function readMapping(text: string): PathMapping {
  const mapping = parseMapping(text);
  if (mapping) return mapping;
  throw new WrongUse(`--mapping takes STACK_ROOT=SOURCE_ROOT, such as /app/=src/, not ${text}.`);
}

async function locate(values: Values): Promise<number> {
  const location = await locateLocally(localInput(values));
  print(values.json ? JSON.stringify(locationJson(location)) : locationLines(location).join('\n'));
  return location.suspect && location.refusal === null ? 0 : 3;
}

async function fix(values: Values): Promise<number> {
  const result = await fixLocally(localInput(values));
  print(values.json ? JSON.stringify(result) : fixText(result));
  return result.outcome === 'fixed' ? 0 : 3;
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(error: unknown): number {
  if (error instanceof WrongUse) process.stderr.write(`${error.message}\n\n${usage}\n`);
  else if (error instanceof ConfigError || error instanceof Refusal)
    process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return error instanceof WrongUse ? 2 : 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(complain);

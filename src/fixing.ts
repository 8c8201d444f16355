// Which fixers there are, in the order in which they are asked: templates, then the agent, then the command.

import { createToolchain } from './checks/toolchain.ts';
import type { Fixing } from './config.ts';
import { addSpent, nothingSpent, type Spent } from './domain/agent/spending.ts';
import { createAgent } from './fixers/agent/agent.ts';
import { greetAgent } from './fixers/agent/greet.ts';
import { createCommand } from './fixers/command/command.ts';
import type { ScriptWork } from './fixers/script-work.ts';
import { createTemplates } from './fixers/templates/fixer.ts';
import { findProgram } from './fixers/workspace.ts';
import { createModels } from './models/models.ts';
import type { Clock, Fixer, Log, Models, Spendings } from './ports.ts';
import type { OpenSandbox } from './run/open-sandbox.ts';
import { parseRust } from './syntax/parsers.ts';

export type FixersOptions = {
  fixing: Fixing;
  dataDir: string;
  sandbox: OpenSandbox;
  spendings: Spendings;
  clock: Clock;
  log: Log;
};

/** `scripts`: where the work on TypeScript and JavaScript is done. */
export function createFixers(options: FixersOptions & { scripts: ScriptWork }): Fixer[] {
  const { agent, command, log } = optionsOf(options);
  const rust = {
    parse: parseRust,
    toolchain: createToolchain({ sandbox: options.sandbox.sandbox, dataDir: options.dataDir }),
  };
  return [
    createTemplates({ log, scripts: options.scripts, rust }),
    ...(agent ? [createAgent(agent)] : []),
    ...(command ? [createCommand(command)] : []),
  ];
}

type Look = { check: string; look: () => Promise<string> };

/** What doctor looks at: a sentence for each part that is set up, or a Refusal with what mends it. Nothing is spent. */
export function looksAtFixers(options: FixersOptions): Look[] {
  const { agent, command, models } = optionsOf(options);
  return [
    ...(models ? [{ check: 'models', look: () => models.look() }] : []),
    ...(agent ? [{ check: 'agent', look: () => greetAgent(agent) }] : []),
    ...(command ? [{ check: 'command', look: async () => (await findProgram(command.command)).file }] : []),
  ];
}

function optionsOf(options: FixersOptions) {
  const { fixing, dataDir, sandbox, clock } = options;
  const log = options.log.child({ room: 'fixers' });
  const { agent, command, minutes, readable } = fixing.fixers;
  const models = modelsOf(options);
  const shared = { minutes, readable, dataDir, sandbox, clock, log };
  return {
    log,
    models,
    agent: agent && models ? { ...shared, settings: agent, models } : null,
    command: command ? { ...shared, command, models } : null,
  };
}

/** For a single run: a day's cap cannot be known from the command line. */
export function spendingsInMemory(): Spendings {
  const days = new Map<string, Spent>();
  return {
    addSpending: async (day, spent) => void days.set(day, addSpent(days.get(day) ?? nothingSpent, spent)),
    readSpending: async (day) => days.get(day) ?? nothingSpent,
  };
}

/** Null where the operator named none. */
function modelsOf({ fixing: { models }, spendings, clock, log }: FixersOptions): Models | null {
  return models && createModels({ settings: models, spendings, clock, log: log.child({ room: 'models' }) });
}

// The operator's settings about agents and commands that write changes, and what they mean.
// It must not start anything; whether a program is there is doctor's business.

import { presets, type Preset } from './agent/presets.ts';

export type AgentSettings = Omit<Preset, 'needsModel'> & {
  model: string | null;
  /** A folder whose content each run finds in its own fresh home; null for none. */
  home: string | null;
};

export type FixerSettings = {
  agent: AgentSettings | null;
  command: readonly string[] | null;
  /** The most time one fix may take. */
  minutes: number;
  /** Folders that agents and commands may read, besides the system's programs. */
  readable: readonly string[];
};

export function minutesText(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

const known = Object.keys(presets).join(', ');

export const fixerSettings = [
  {
    name: 'AGENT_PRESET',
    fallback: '',
    meaning: `A coding agent to ask when no template fits: one of ${known}; fills the settings below. docs/agents.md.`,
  },
  {
    name: 'AGENT_COMMAND',
    fallback: '',
    meaning:
      'Any program that speaks the Agent Client Protocol over standard input and output; words, or a JSON array.',
  },
  { name: 'AGENT_MODEL', fallback: '', meaning: 'The name of the model that it shall use.' },
  {
    name: 'AGENT_MODE',
    fallback: '',
    meaning: 'The permission mode of the agent; the preset has the one in which it asks before each edit.',
  },
  {
    name: 'AGENT_ENV',
    fallback: '',
    meaning:
      'Variables for it, separated by commas: NAME passes ours on, NAME=value sets it; {model-url}, {model-key}, {model}, {home}, {dir} are filled in.',
  },
  {
    name: 'AGENT_HOME',
    fallback: '',
    meaning: 'A folder whose content it finds in its home, which is new for each fix.',
  },
  {
    name: 'AGENT_META',
    fallback: '',
    meaning: 'A JSON object that it gets with each session, for options of its own.',
  },
  {
    name: 'COMMAND_FIXER',
    fallback: '',
    meaning: 'Any program that edits the folder it is started in, asked last; words, or a JSON array.',
  },
  {
    name: 'FIXER_MINUTES',
    fallback: '20',
    meaning: 'The most time an agent or a command gets for one fix, 1 to 60.',
  },
  {
    name: 'FIXER_READABLE',
    fallback: '',
    meaning:
      "Folders that agents and commands may read besides the system's programs and their own, separated by commas.",
  },
] as const;

type Name = (typeof fixerSettings)[number]['name'];
type Read = <T>(name: Name, parse: (value: string) => T) => T | null;

/**
 * `read` gives a setting's value to its parser and remembers what the parser throws; `env` is for variables that
 * are passed on. Null once anything was wrong.
 */
export function readFixerSettings(
  read: Read,
  env: Readonly<Record<string, string | undefined>>,
): FixerSettings | null {
  const agent = readAgent(read, env);
  const command = read('COMMAND_FIXER', parseCommand);
  const minutes = read('FIXER_MINUTES', parseMinutes);
  const readable = read('FIXER_READABLE', parseFolders);
  if (minutes === null || readable === null) return null;
  return { agent, command: command !== null && command.length > 0 ? command : null, minutes, readable };
}

const none: Preset = { command: [], mode: null, env: {}, files: {}, meta: null, needsModel: false };

function readAgent(read: Read, env: Readonly<Record<string, string | undefined>>): AgentSettings | null {
  const preset = read('AGENT_PRESET', parsePreset) ?? none;
  const own = read('AGENT_COMMAND', parseCommand) ?? [];
  const command = own.length > 0 ? own : preset.command;
  const model = read('AGENT_MODEL', (value) => parseModel(value, preset.needsModel));
  const given = read('AGENT_ENV', (value) => parseVariables(value, env)) ?? {};
  const meta = read('AGENT_META', parseMeta);
  const mode = read('AGENT_MODE', (value) => value || preset.mode);
  const home = read('AGENT_HOME', (value) => value || null);
  if (command.length === 0) return null;
  const { files } = preset;
  return { command, mode, files, meta: meta ?? preset.meta, env: { ...preset.env, ...given }, model, home };
}

function parsePreset(value: string): Preset | null {
  if (value === '') return null;
  const preset = Object.hasOwn(presets, value) ? presets[value] : undefined;
  if (preset) return preset;
  throw new Error(`must be one of ${known}; any other agent goes into AGENT_COMMAND.`);
}

/** Words separated by blanks, or a JSON array where a word holds one. */
export function parseCommand(value: string): string[] {
  if (value === '') return [];
  if (!value.startsWith('[')) {
    if (/["'`$;|&<>]/.test(value))
      throw new Error('is not run by a shell: write words with quotes or blanks as a JSON array.');
    return value.split(/\s+/);
  }
  const words: unknown = parseJson(value);
  if (
    Array.isArray(words) &&
    words.length > 0 &&
    words.every((word) => typeof word === 'string' && word !== '')
  )
    return words as string[];
  throw new Error('must be words, or a JSON array of texts: ["agent", "--stdio"].');
}

function parseModel(value: string, isNeeded: boolean): string | null {
  if (value === '' && isNeeded) throw new Error('is missing: this agent must be told which model to use.');
  if (!/^[\w.:/@+-]*$/.test(value)) throw new Error('must be the name of a model, without blanks.');
  return value || null;
}

/** What must never reach an agent, whatever it is called there. */
const ours =
  /^(?:APP_ID|PRIVATE_KEY(?:_PATH)?|WEBHOOK_SECRET|BINDINGS|DATABASE_URL|MODEL_.*|SENTRY_.*|GITHUB_.*|GH_.*)$/i;

function parseVariables(
  value: string,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const parts = value.split(',').map((part) => part.trim());
  const pairs = parts
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const [, name, set] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(part) ?? [];
      if (name === undefined) throw new Error(`"${part.slice(0, 40)}" must look like NAME or NAME=value.`);
      if (ours.test(name)) throw new Error(`${name} is a setting of Suture or a token, which no agent gets.`);
      const passed = set ?? env[name];
      if (passed === undefined) throw new Error(`${name} is not set, so it cannot be passed on.`);
      return [name, passed];
    });
  return Object.fromEntries(pairs);
}

function parseMeta(value: string): Record<string, unknown> | null {
  if (value === '') return null;
  const meta: unknown = parseJson(value);
  if (typeof meta === 'object' && meta !== null && !Array.isArray(meta)) return { ...meta };
  throw new Error('must be a JSON object.');
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error('is not JSON.');
  }
}

function parseMinutes(value: string): number {
  const minutes = Number(value);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 60)
    throw new Error('must be a whole number from 1 to 60.');
  return minutes;
}

function parseFolders(value: string): string[] {
  const folders = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const wrong = folders.find((folder) => !folder.startsWith('/'));
  if (wrong !== undefined) throw new Error(`"${wrong.slice(0, 60)}" must be an absolute path.`);
  return folders;
}

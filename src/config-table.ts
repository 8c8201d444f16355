// Every setting there is, with what it means: the README, `.env.example` and the reading of settings follow it.

import { fixerSettings } from './fixers/settings.ts';
import { modelSettings } from './models/settings.ts';
import { sandboxSettings } from './run/settings.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

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

// What a setting's text may be. Each throws a sentence that follows the setting's name; none repeats a secret.

import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { Binding } from './domain/problem.ts';
import { logLevels, type LogLevel } from './config-table.ts';

export function filled(value: string): string {
  if (value === '') throw new Error('is missing.');
  return value;
}

export function secretText(minimum: number) {
  return (value: string): string => {
    if (value === '')
      throw new Error(
        'is missing. An empty secret would let anyone send events, so I do not start without it.',
      );
    if (value.length < minimum) throw new Error(`is too short: at least ${minimum} characters.`);
    return value;
  };
}

export function wholeNumber(minimum: number, maximum: number) {
  return (value: string): number => {
    if (value === '') throw new Error('is missing.');
    const number = z.coerce.number().int().min(minimum).max(maximum).safeParse(value);
    if (!number.success) throw new Error(`must be a whole number from ${minimum} to ${maximum}.`);
    return number.data;
  };
}

export function webAddress(value: string): string {
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error('must be a web address such as https://example.org.');
  if (url.username || url.password || url.search)
    throw new Error('must not hold a user, a password or a query.');
  return value.replace(/\/+$/, '');
}

export function databaseAddress(value: string): string | null {
  if (value === '') return null;
  const url = URL.parse(value);
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol))
    throw new Error('must look like postgres://user:password@host/name.');
  return value;
}

export function logLevel(value: string): LogLevel {
  const level = logLevels.find((known) => known === value.toLowerCase());
  if (!level) throw new Error(`must be one of ${logLevels.join(', ')}.`);
  return level;
}

/** The PEM text, given as it is, with its line breaks written out, or in base64. */
export function privateKeyText(text: string): string {
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

// What a repository says about itself at one commit, for the command line: nobody fetches settings there.

import { Refusal } from '../domain/failure.ts';
import { readSettings } from '../domain/read-settings.ts';
import { defaultSettings, settingsPath, type Settings } from '../domain/settings.ts';
import type { Documents, Repository } from '../ports.ts';

type At = { repository: Pick<Repository, 'readText'>; commit: string };

/** The defaults without a file. Throws Refusal with every mistake in it: there are no earlier settings to keep to. */
export async function settingsAt(
  { documents }: { documents: Documents },
  { repository, commit }: At,
): Promise<Settings> {
  const text = await repository.readText(commit, settingsPath);
  if (text === null) return defaultSettings;
  const { settings, mistakes } = readSettings(documents.readYaml(text));
  if (settings === null) throw new Refusal(mistakes.join(' '));
  return settings;
}

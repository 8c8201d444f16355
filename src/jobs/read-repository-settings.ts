// Reads what a repository says about itself: its settings file, and the files it wants left alone.
// A mistake in them changes nothing but what the triage issue says.

import { doNotFixPaths, notesPaths } from '../domain/proof/do-not-fix.ts';
import type { Binding } from '../domain/problem.ts';
import { readSettings } from '../domain/read-settings.ts';
import { settingsPath, type Settings } from '../domain/settings.ts';
import { defaultSettings } from '../domain/settings.ts';
import type { Ports } from '../ports.ts';
import { readKnownSettings } from './view.ts';

type Needs = Pick<Ports, 'host' | 'store' | 'clock' | 'documents'>;

/** 1. read the file  2. keep the last good settings when it has mistakes  3. add the repository's own list. */
export async function readRepositorySettings(ports: Needs, binding: Binding): Promise<Settings> {
  const before = await readKnownSettings(ports, binding);
  const text = await ports.host.readFile(binding.repo, settingsPath);
  const read =
    text === null
      ? { settings: defaultSettings, mistakes: [] }
      : readSettings(ports.documents.readYaml(text));
  const good = read.settings ?? before.settings;
  const left = await readDoNotFix(ports, binding);
  const settings = { ...good, protectedPaths: [...new Set([...good.protectedPaths, ...left])] };
  await ports.store.saveSettings({
    bindingId: binding.id,
    settings,
    mistakes: read.mistakes,
    readAt: ports.clock.now(),
  });
  return settings;
}

async function readDoNotFix(ports: Needs, binding: Binding): Promise<string[]> {
  const notes = await Promise.all(notesPaths.map((path) => ports.host.readFile(binding.repo, path)));
  return notes.flatMap((note) => (note === null ? [] : doNotFixPaths(note)));
}

// Puts a damaged database folder aside under another name, and remembers by that name that it happened.
// It must not delete what it set aside: somebody may still want to look at it.

import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from '../domain/failure.ts';
import type { Clock, Log } from '../ports.ts';
import type { Damaged } from './damage.ts';

const mark = '.damaged-';

type Why = { damage: Damaged; log: Log; clock: Clock };

/**
 * Opens an empty database in the place of the damaged one. Where even that fails, everything is put back and the error
 * thrown: then not the folder was at fault. Throws Refusal when the old one was made by another Postgres.
 */
export async function inPlaceOf<T>(folder: string, why: Why, openNew: () => Promise<T>): Promise<T> {
  const { damage, log, clock } = why;
  const aside = `${folder}${mark}${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(folder, aside);
  try {
    const opened = await openNew();
    refuseOther(folder, aside);
    log.error(
      { folder, setAside: aside, reason: damage.message },
      'the database was damaged; it is set aside, and its rows are rebuilt from GitHub and Sentry',
    );
    return opened;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
    throw error;
  }
}

/** After an update of PGlite a sound folder may be of a version that it cannot read. */
function refuseOther(folder: string, aside: string): void {
  const [ours, theirs] = [folder, aside].map(versionOf);
  if (theirs === null || ours === theirs) return;
  throw new Refusal(
    `The database in ${folder} was made by Postgres ${theirs}, and this Suture has ${ours}. Start the Suture that made ` +
      `it, or move the folder aside (mv ${folder} ${folder}.old): then the rows are rebuilt from GitHub and Sentry.`,
  );
}

function versionOf(folder: string): string | null {
  const file = path.join(folder, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^\d{1,3}$/.test(version) ? version : null;
}

/** A sentence for every folder that was set aside and still lies there. */
export function setAsideNotices(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => name.startsWith(`db${mark}`))
    .toSorted()
    .map(
      (name) =>
        `The database was damaged and is set aside as ${name}. Its rows were rebuilt from GitHub and Sentry; ticks and ` +
        'commands of the minutes before may have to be repeated. Remove that folder once nobody needs it.',
    );
}

// The shop as deployed: crashes it on demand, deploys the repository's main branch, and remembers what happened.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gitEnvironment } from '../test/world/github/git/git.ts';
import { place, type World } from '../test/world/world.ts';
import type { CrashName } from './cast.ts';

const run = promisify(execFile);

export type Shop = {
  /** Provokes that crash in what is deployed; a shop that does not crash is told, not thrown. */
  crash(name: CrashName): Promise<void>;
  /** Deploys the head of main as the next release. */
  deploy(): Promise<void>;
  deployed(): { release: string; commit: string | null };
  /** Newest first. */
  log(): readonly { at: string; text: string }[];
  /** Waits for what is under way and removes what was deployed. */
  close(): Promise<void>;
};

export async function openShop(world: World): Promise<Shop> {
  const folder = await mkdtemp(path.join(tmpdir(), 'suture-shop-'));
  const happened: { at: string; text: string }[] = [];
  let deployed: { release: string; commit: string | null; dir?: string } = {
    release: 'lantern-shop@1.4.0',
    commit: null,
  };
  let minor = 4;
  let last: Promise<void> = Promise.resolve();
  const tell = (text: string): void => {
    happened.unshift({ at: new Date().toISOString(), text });
    happened.splice(20);
  };
  const inTurn = (work: () => Promise<string>): Promise<void> => {
    const mine = last.then(work).then(tell);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    crash: (name) =>
      inTurn(async () => {
        const { release, dir } = deployed;
        try {
          await world.crash(name, release, dir);
          return `${name} crashed ${release}.`;
        } catch (error) {
          return `${name} did not crash ${release}: ${error instanceof Error ? error.message : String(error)}.`;
        }
      }),
    deploy: () =>
      inTurn(async () => {
        minor += 1;
        const dir = path.join(folder, `1.${minor}.0`);
        const commit = await checkOut(world.github.repositoryDirectory(`${place.owner}/${place.repo}`), dir);
        deployed = { release: `lantern-shop@1.${minor}.0`, commit, dir };
        return `Deployed ${deployed.release} from ${commit.slice(0, 10)}.`;
      }),
    deployed: () => ({ release: deployed.release, commit: deployed.commit }),
    log: () => happened,
    close: async () => {
      await last;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Gives the commit. */
async function checkOut(repository: string, dir: string): Promise<string> {
  const env = gitEnvironment();
  await run('git', ['clone', '--quiet', '--depth', '1', `file://${repository}`, dir], { env });
  const { stdout } = await run('git', ['-C', dir, 'rev-parse', 'HEAD'], { env });
  return stdout.trim();
}

// `npm run demo`: keeps serving pages on which a person plays the maintainer, until somebody asks to stop.

import { setTimeout as pause } from 'node:timers/promises';
import { crashNames } from './cast.ts';
import { createSite } from './pages/site.ts';
import { waitFor } from './patience.ts';
import { lastLines, openScene, type Scene } from './scene.ts';
import { openShop, type Shop } from './shop-front.ts';
import { readEntries } from './triage-entries.ts';

/** Gives the exit status once everything has ended: 0, or 1 when Suture ended by itself. */
export async function keepServing(signal: AbortSignal): Promise<number> {
  const site = createSite();
  say('Starting GitHub, Sentry, CI (stand-ins on this machine) and Suture …');
  let scene: Scene | null = null;
  let shop: Shop | null = null;
  try {
    scene = await openScene({ pages: site.gitHub, sentryPages: site.sentry });
    shop = await openShop(scene.world);
    const address = site.open(scene.world, shop);
    await prepare({ scene, shop, signal });
    say(welcome(address));
    const { suture } = scene;
    await waitFor(signal, 'the end', () => !suture.isRunning(), Number.POSITIVE_INFINITY);
    // A terminal's Ctrl-C reaches Suture too, and may do so first.
    await pause(500, undefined, { signal });
    process.stderr.write(`Suture has ended by itself. Its last lines:\n${lastLines(suture, 30)}\n`);
    return 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    say('Stopping …');
    return 0;
  } finally {
    await shop?.close();
    await scene?.close();
  }
}

/** Crashes everything once, so that the triage issue has something to tick. */
async function prepare(input: { scene: Scene; shop: Shop; signal: AbortSignal }): Promise<void> {
  const { scene, shop, signal } = input;
  for (const name of crashNames) {
    signal.throwIfAborted();
    say(`The shop crashes: ${name} …`);
    await shop.crash(name);
  }
  await waitFor(signal, 'the triage issue', async () => {
    const entries = readEntries((await scene.world.triageIssue())?.body ?? '');
    return scene.world.problems().every(({ shortId }) => entries.has(shortId));
  });
}

function welcome(address: string): string {
  return `\n  Open ${address}\n\n  You are mia, who maintains lantern/shop. Tick, wait, merge, look at Sentry. Ctrl-C ends everything.\n`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

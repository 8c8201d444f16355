// `npm run demo -- --picture FILE`: plays a morning to the point where every group of the triage issue has
// something in it, and takes a picture of the page. It needs Chromium.

import { openChromium, chromiumPath } from '../test/browser/chromium.ts';
import { place, type World } from '../test/world/world.ts';
import { crashNames, type CrashName } from './cast.ts';
import { createSite } from './pages/site.ts';
import { waitFor } from './patience.ts';
import { openScene } from './scene.ts';
import { openShop } from './shop-front.ts';
import { readEntries } from './triage-entries.ts';

/** Where each crash stands when the picture is taken. */
const groups: Readonly<Record<CrashName, string>> = {
  'related-product': 'Done',
  'order-page': 'Pull request open',
  'no-shipping-rate': 'Needs a person',
  'payment-down': 'Proposed to archive',
  'sign-out-twice': 'Waiting for you',
};

/** Gives the exit status. */
export async function takePicture(file: string, signal: AbortSignal): Promise<number> {
  if (chromiumPath === null) throw new Error('There is no Chromium in /usr/bin to take the picture with.');
  const site = createSite();
  const scene = await openScene({ pages: site.gitHub, sentryPages: site.sentry });
  const shop = await openShop(scene.world);
  try {
    const address = site.open(scene.world, shop);
    for (const name of crashNames) await shop.crash(name);
    const { world } = scene;
    const known = world.problems().map(({ shortId }) => shortId);
    for (const [index, name] of crashNames.entries())
      if (groups[name] !== 'Waiting for you') await tick(world, known[index] ?? '', signal);
    await mergeOne(world, known[crashNames.indexOf('related-product')] ?? '', signal);
    for (const [index, name] of crashNames.entries())
      await waitFor(signal, `${name} under ${groups[name]}`, async () => {
        const entry = (await entries(world)).get(known[index] ?? '');
        return entry?.group === groups[name];
      });
    await photograph(`${address}${place.owner}/${place.repo}/issues/1`, file, chromiumPath);
    return 0;
  } finally {
    await shop.close();
    await scene.close();
  }
}

async function entries(world: World): Promise<ReturnType<typeof readEntries>> {
  return readEntries((await world.triageIssue())?.body ?? '');
}

async function tick(world: World, shortId: string, signal: AbortSignal): Promise<void> {
  await waitFor(signal, `the box of ${shortId}`, async () => (await entries(world)).has(shortId));
  await world.setBox(shortId, true);
}

async function mergeOne(world: World, shortId: string, signal: AbortSignal): Promise<void> {
  const branch = `sentry/${shortId.toLowerCase()}-`;
  const pull = await waitFor(signal, `a pull request for ${shortId}`, async () =>
    (await world.pulls()).find((one) => one.branch.startsWith(branch)),
  );
  const green = new RegExp(`pull request ${pull.number}\\]\\([^)]*\\) · CI ✅`);
  await waitFor(signal, 'CI', async () => green.test((await world.triageIssue())?.body ?? ''));
  await world.merge(pull.number);
}

async function photograph(address: string, file: string, chromium: string): Promise<void> {
  const browser = await openChromium(chromium);
  try {
    const page = await browser.context.newPage();
    await page.setViewportSize({ width: 1120, height: 900 });
    await page.goto(address);
    await page
      .locator('details')
      .first()
      .evaluate((fold) => fold.setAttribute('open', ''));
    await page.screenshot({ path: file, fullPage: true });
  } finally {
    await browser.close();
  }
}

// A person plays the maintainer in a real browser: tick, wait for the pull request, merge, see "resolved".

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { startDemo, type DemoProcess } from '../stories/demo-process.ts';
import { chromiumPath, openChromium, type Browser } from './chromium.ts';

if (chromiumPath === null)
  process.stderr.write('No Chromium in /usr/bin: the browser test of the demo is skipped.\n');

const long = { timeout: 150_000 };

describe.skipIf(chromiumPath === null)('the pages of the demo, in Chromium', () => {
  let demo: DemoProcess;
  let browser: Browser;
  let page: Page;
  let address: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    demo = startDemo([]);
    const [[, found = '']] = await Promise.all([
      demo.said(/Open (http:\S+)/),
      openChromium(chromiumPath ?? '').then((opened) => (browser = opened)),
    ]);
    address = found;
    page = await browser.context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 150_000);

  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  }, 60_000);

  it('goes from a tick to "resolved"', async () => {
    await page.goto(address);
    await page.getByRole('link', { name: 'triage issue', exact: true }).click();
    await page.getByRole('checkbox', { name: /SHOP-1 / }).check();
    const opened = page
      .getByRole('listitem')
      .filter({ hasText: 'SHOP-1' })
      .getByRole('link', {
        name: /pull request/,
      });
    await opened.click(long);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('(SHOP-1)');
    await page.getByText('All checks have passed').waitFor(long);
    expect(await page.locator('.diff .add').first().textContent()).toContain('+');
    await page.getByRole('button', { name: 'Squash and merge' }).click();
    await page.getByText('Merged by mia').waitFor();
    await page.getByRole('link', { name: 'SHOP-1' }).first().click();
    await page.locator('.pill.is-resolved').waitFor(long);
    await page.getByRole('navigation').getByRole('link', { name: 'Sentry' }).click();
    const listed = page.getByRole('listitem').filter({ hasText: 'SHOP-1 ·' });
    expect(await listed.innerText()).toMatch(/resolved[\s\S]*in the next release/i);
    expect(await page.locator('.pill.is-unresolved').count()).toBeGreaterThan(0);
  }, 300_000);

  it('tells a person who may only read so, and shows the command as text', async () => {
    await page.goto(`${address}lantern/shop/issues/1`);
    await page.getByLabel('Add a comment').fill('/sentry fix SHOP-4\n\n<img src=x onerror=alert(1)>');
    await page.getByRole('combobox').selectOption('ray');
    await page.getByRole('button', { name: 'Comment' }).click();
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    await page.getByText('needs write permission').waitFor(long);
  }, 200_000);

  it('shows a crash that a deployed fix has mended as mended', async () => {
    await page.goto(`${address}-/shop`);
    await page.getByRole('button', { name: /Deploy main/ }).click();
    await page.getByText('Deployed lantern-shop@1.5.0').waitFor(long);
    await page.getByRole('button', { name: 'related-product' }).click();
    await page.getByText('related-product did not crash lantern-shop@1.5.0').waitFor(long);
  }, 200_000);

  it('works without JavaScript, by buttons', async () => {
    const still = await browser.withoutScripts();
    await still.goto(`${address}lantern/shop/issues/1`);
    await still.getByRole('checkbox', { name: /SHOP-5 / }).check();
    await still.getByRole('button', { name: 'save the ticks' }).click();
    await expect
      .poll(async () => {
        await still.reload();
        return still.getByRole('checkbox', { name: /SHOP-5 / }).count();
      }, long)
      .toBe(0);
    await still.close();
  }, 200_000);

  it('has nothing to complain about', () => {
    expect(complaints).toEqual([]);
  });
});

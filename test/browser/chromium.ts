// Finds the machine's Chromium and opens it empty, without a window and without calling home.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** Where Linux distributions put it; null when it is at none of these places. */
export const chromiumPath: string | null =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
    existsSync(file),
  ) ?? null;

const quiet =
  '--headless --disable-gpu --disable-quic --no-first-run --disable-sync --disable-background-networking --disable-component-update'.split(
    ' ',
  );

export type Browser = {
  context: BrowserContext;
  /** A page on which no script runs. */
  withoutScripts(): Promise<Page>;
  close(): Promise<void>;
};

/** A browser that nobody used before. Its sandbox does not work for root, who runs tests in containers. */
export async function openChromium(executablePath: string): Promise<Browser> {
  const profile = await mkdtemp(path.join(tmpdir(), 'suture-browser-'));
  const args = process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet;
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
  return {
    context,
    withoutScripts: async () => {
      const whole = context.browser();
      if (!whole) throw new Error('this Chromium opens no second context');
      return (await whole.newContext({ javaScriptEnabled: false })).newPage();
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

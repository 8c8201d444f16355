// Tells bundled, obfuscated JavaScript from source by the marks it leaves (reference sentry.md, 7.1).
// It must not read source maps.

import type { CrashEvent, Frame } from '../crash/crash-event.ts';

const missingMap = new Set([
  'js_no_source',
  'js_invalid_source',
  'js_invalid_sourcemap',
  'js_invalid_sourcemap_location',
  'js_missing_sources_content',
  'js_scraping_disabled',
]);

/** `index-Cq3x.js`, `main.4f2a1b.js`, `runner.min.js`, `12.chunk.js`, React Native's bundles. */
const bundleName =
  /(?:[.-](?=[\w-]*[\dA-Z_])[\w-]{6,}|\.min|\.chunk|^\d+|\.bundle)\.(?:m?js|cjs)$|\.(?:jsbundle|bundle)$|[?&]bundle\b/;

/** A frame of a bundle: no file of a repository can be named from it. */
export function isMinifiedFrame(frame: Frame): boolean {
  const path = (frame.absPath ?? frame.filename ?? '').slice(0, 2048).replace(/[?#].*$/s, '');
  const name = path.split(/[\\/]/).at(-1) ?? '';
  const cut = frame.context.some((entry) => entry.text.includes('{snip}'));
  const farRight = (frame.column ?? 0) > 1000 && (frame.line ?? 99) < 99;
  return bundleName.test(name) || cut || farRight;
}

/** Whether the event's own frames are of a bundle, or the source says that the map is missing. */
export function isMinified(event: CrashEvent): boolean {
  if (event.processingErrors.some((error) => missingMap.has(error.type))) return true;
  const own = event.exceptions.flatMap((one) => one.frames).filter((frame) => frame.inApp !== false);
  return own.length > 0 && own.every(isMinifiedFrame);
}

// The JavaScript of a checkout that no tsconfig lists: callers of a function may stand in any of it.
// It must not look into packages or built files, nor follow links out of the checkout.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const foreign = /^(?:node_modules|bower_components|vendor|third[_-]party|dist|build|out|coverage|\..*)$/;

/** More than these are not read: a list cut short would hide callers, so callers then count as unknown. */
export const mostScripts = 3000;

/** Absolute paths below `root`; `path` is always among them. */
export function scriptsOf(root: string, path: string): string[] {
  const found = new Set([path]);
  const open = [root];
  for (let dir = open.pop(); dir !== undefined && found.size <= mostScripts; dir = open.pop()) {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (entry.isDirectory() && !foreign.test(entry.name)) open.push(join(dir, entry.name));
      if (entry.isFile() && /(?<!\.min)\.[cm]?jsx?$/.test(entry.name)) found.add(join(dir, entry.name));
    }
  }
  return [...found];
}

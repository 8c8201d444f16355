// The crate's own functions that shorten a text at a character: `fn truncate_utf8(s: &str, max: usize) -> &str`.
// It must name only what keeps to whole characters by its own code.

import { importedFrom } from './errors.ts';
import type { RustScene } from './template.ts';

type Shortener = { path: string; name: string; isPublic: boolean };

const declared =
  /^( *)(pub(?:\([^)]*\))? )?(?:const )?fn (\w+)(?:<'\w+>)?\(\s*(\w+): &(?:'\w+ )?str,\s*(\w+): usize,?\s*\)\s*->\s*&(?:'\w+ )?str\s*\{([\s\S]*?)\n\1\}/gm;

/** How to call each from the scene's file, the most used first. */
export function shorteners(scene: RustScene): string[] {
  const files = scene.crate.files();
  const own = scene.source.path;
  const found = files
    .flatMap((file) => [...file.text.matchAll(declared)].map((match) => ({ file, match })))
    .filter(({ match }) => /char_boundary|char_indices/.test(match[6] ?? '') && !match[3]?.startsWith('test'))
    .map(({ file, match }) => ({ path: file.path, name: match[3] ?? '', isPublic: match[2] !== undefined }))
    .filter((one) => one.path === own || one.isPublic);
  const uses = (one: Shortener) => files.filter(({ text }) => text.includes(`${one.name}(`)).length;
  return found
    .toSorted(
      (left, right) => Number(right.path === own) - Number(left.path === own) || uses(right) - uses(left),
    )
    .flatMap((one) => callOf(scene, one) ?? []);
}

function callOf(scene: RustScene, { path, name }: Shortener): string | null {
  if (path === scene.source.path || importedFrom(scene, name) !== null) return name;
  const module = scene.crate.modulePath(path);
  return module === null ? null : `${module}::${name}`;
}

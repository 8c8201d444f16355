// Says whose code a frame is, from its path and its names alone, because the source's own flag is
// wrong for some platforms (reference sentry.md, 7.3). It must not look at the repository.

import type { Frame } from '../crash/crash-event.ts';
import type { Language } from './language.ts';
import { dartOwner } from './owners/dart.ts';
import { dotnetOwner } from './owners/dotnet.ts';
import { goOwner } from './owners/go.ts';
import { jvmOwner } from './owners/jvm.ts';
import { npmOwner } from './owners/npm.ts';
import { phpOwner } from './owners/php.ts';
import { pythonOwner } from './owners/python.ts';
import { rubyOwner } from './owners/ruby.ts';
import { rustOwner } from './owners/rust.ts';

/**
 * `package`: code that is installed from elsewhere, unless this repository is that very package; `rest`
 * is what follows the package's own folder, empty when the path does not show it.
 */
export type Owner =
  | { whose: 'runtime' }
  | { whose: 'package'; name: string; rest: string[] }
  | { whose: 'unknown' };

/** `path` is the reported path with forward slashes, without a query; '' when there is none. */
export type OwnerQuestion = { path: string; segments: string[]; frame: Frame };

type OwnerRule = (question: OwnerQuestion) => Owner | null;

const rules: Record<Language, OwnerRule> = {
  javascript: npmOwner,
  rust: rustOwner,
  python: pythonOwner,
  go: goOwner,
  jvm: jvmOwner,
  dotnet: dotnetOwner,
  php: phpOwner,
  ruby: rubyOwner,
  dart: dartOwner,
  swift: () => null,
  c: () => null,
  other: npmOwner,
};

/** Decides by the rule of the frame's language. */
export function ownerOf(frame: Frame, language: Language): Owner {
  const reported = (frame.absPath ?? frame.filename ?? '').slice(0, 2048);
  const path = reported.replaceAll('\\', '/').replace(/[?#].*$/s, '');
  return rules[language]({ path, segments: path.split('/'), frame }) ?? { whose: 'unknown' };
}

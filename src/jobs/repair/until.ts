// Ends whatever checks run when nobody wants their answer any more.

import type { Checks } from '../../ports.ts';

/** The same checks, ended when the signal aborts, or the one that a call brings along. */
export function until(checks: Checks, stop: AbortSignal): Checks {
  const either = (own?: AbortSignal) => (own ? AbortSignal.any([stop, own]) : stop);
  return {
    ...checks,
    install: (dir, wanted, own) => checks.install(dir, wanted, either(own)),
    run: (check, dir, own) => checks.run(check, dir, either(own)),
    runAtBase: (check, dir, at, own) => checks.runAtBase(check, dir, at, either(own)),
    related: (check, paths, dir, own) => checks.related(check, paths, dir, either(own)),
    runOne: (path, dir, own) => checks.runOne(path, dir, either(own)),
  };
}

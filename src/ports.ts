// The short interfaces the core needs, in the core's words: one file each in ports/. Rooms implement them; jobs call
// them. Nothing here may name an SDK, a path of an API or a vendor's word.

import type { Signer } from './domain/marker.ts';
import type { Binding } from './domain/problem.ts';
import type { AlertSource } from './ports/alert-source.ts';
import type { Checks } from './ports/checks.ts';
import type { CodeHost } from './ports/code-host.ts';
import type { Fixer } from './ports/fixers.ts';
import type { Deliveries } from './ports/happening.ts';
import type { MissedDeliveries } from './ports/missed-deliveries.ts';
import type { Documents, SourceMaps, Syntax } from './ports/reading.ts';
import type { Store } from './ports/rows.ts';
import type { Reproducer } from './ports/reproducer.ts';
import type { SourceControl } from './ports/source-control.ts';
import type { Clock, Log } from './ports/time-and-log.ts';

export type { FixDescription } from './domain/pull/fix-description.ts';
export type { OriginalPlace } from './domain/locate/source-map.ts';
export type { Signer } from './domain/marker.ts';
export type * from './ports/time-and-log.ts';
export type * from './ports/alert-source.ts';
export type * from './ports/code-host.ts';
export type * from './ports/happening.ts';
export type * from './ports/missed-deliveries.ts';
export type * from './ports/source-control.ts';
export type * from './ports/reading.ts';
export type * from './ports/checks.ts';
export type * from './ports/fixers.ts';
export type * from './ports/models.ts';
export type * from './ports/reproducer.ts';
export type * from './ports/queue.ts';
export type * from './ports/rows.ts';

/** What main.ts joins. A job names the ones it needs with Pick. */
export type Ports = {
  source: AlertSource;
  host: CodeHost;
  git: SourceControl;
  syntax: Syntax;
  documents: Documents;
  sourceMaps: SourceMaps;
  checks: Checks;
  fixers: readonly Fixer[];
  reproducer: Reproducer;
  store: Store;
  deliveries: Deliveries;
  missed: MissedDeliveries;
  signer: Signer;
  clock: Clock;
  log: Log;
  bindings: readonly Binding[];
};

// What people are to see now, and the settings that decide it, read from our own rows. It asks nobody outside.

import { defaultSettings, type KnownSettings } from '../domain/settings.ts';
import { repoName, type Binding } from '../domain/problem.ts';
import { triageView, type TriageView } from '../domain/triage/triage-view.ts';
import type { Ports } from '../ports.ts';

type Needs = Pick<Ports, 'store' | 'clock'>;

export async function readView(ports: Needs, binding: Binding): Promise<TriageView> {
  const { store } = ports;
  const [problems, fixes, findings, skips, state, issue, runs, known] = await Promise.all([
    store.readProblems(binding.id),
    store.readFixes(binding.id),
    store.readFindings(binding.id),
    store.readSkips(binding.id),
    store.readBindingState(binding.id),
    store.readIssue(binding.id),
    store.readLedger(repoName(binding.repo)),
    readKnownSettings(ports, binding),
  ]);
  const asked = (issue?.unheard ?? []).filter((tick) => tick.asked).map((tick) => tick.box);
  return triageView({
    binding,
    problems: problems.map(({ problem }) => problem),
    fixes,
    findings,
    skips,
    unclaimed: asked.filter((box) => box.startsWith('tick ')).map((box) => box.slice('tick '.length)),
    notice: state?.paused ?? null,
    settings: known.settings,
    mistakes: known.mistakes,
    runs,
    now: ports.clock.now(),
  });
}

/** The last good settings; the defaults while none were read. */
export async function readKnownSettings(
  ports: Pick<Ports, 'store'>,
  binding: Binding,
): Promise<KnownSettings> {
  const known = await ports.store.readSettings(binding.id);
  return known ?? { bindingId: binding.id, settings: defaultSettings, mistakes: [], readAt: 0 };
}

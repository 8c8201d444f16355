// The operator's settings about the sandbox, and what they mean. It must not look at the machine.

export type SandboxSetting = 'auto' | 'bubblewrap' | 'none';

export type SandboxSettings = {
  kind: SandboxSetting;
  installHosts: string[];
  /** Checks run on Suture's own Node, whatever a repository is made for. */
  ownNode: boolean;
  /** How long and how much of what was installed and compiled is kept. */
  caches: { days: number; gigabytes: number };
};

export const sandboxSettings = [
  {
    name: 'SANDBOX',
    fallback: 'auto',
    meaning:
      'What keeps programs of repositories apart: auto (bubblewrap where it works), bubblewrap, or none; docs/sandbox.md.',
  },
  {
    name: 'INSTALL_HOSTS',
    fallback: '',
    meaning:
      'Hosts that installs may reach besides the registries this machine is set up for, separated by commas.',
  },
  {
    name: 'CHECKS_NODE',
    fallback: 'project',
    meaning:
      "Which Node checks run on: project (the one that the repository's files ask for, fetched once) or own; docs/sandbox.md.",
  },
  {
    name: 'CACHE_DAYS',
    fallback: '30',
    meaning: 'What was installed or compiled for a repository is removed when it was not used for so long.',
  },
  {
    name: 'CACHE_GB',
    fallback: '20',
    meaning: 'So much of that is kept, for all repositories together; the longest unused goes first.',
  },
] as const;

type Take = <T>(name: string, parse: (value: string) => T) => T | null;

/** Null when one of them is wrong; `take` has noted why. */
export function readSandboxSettings(take: Take): SandboxSettings | null {
  const kind = take('SANDBOX', sandboxKind);
  const installHosts = take('INSTALL_HOSTS', hostList);
  const ownNode = take('CHECKS_NODE', whoseNode);
  const days = take('CACHE_DAYS', amount);
  const gigabytes = take('CACHE_GB', amount);
  if (!kind || !installHosts || ownNode === null || !days || !gigabytes) return null;
  return { kind, installHosts, ownNode, caches: { days, gigabytes } };
}

function sandboxKind(value: string): SandboxSetting {
  const kind = (['auto', 'bubblewrap', 'none'] as const).find((known) => known === value.toLowerCase());
  if (!kind) throw new Error('must be auto, bubblewrap or none.');
  return kind;
}

function whoseNode(value: string): boolean {
  const whose = ['project', 'own'].indexOf(value.toLowerCase());
  if (whose < 0) throw new Error('must be project or own.');
  return whose === 1;
}

function amount(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 100_000))
    throw new Error(`must be a number above 0, not "${value.slice(0, 40)}".`);
  return number;
}

function hostList(value: string): string[] {
  const hosts = value.split(/[\s,]+/).filter((part) => part !== '');
  const wrong = hosts.find((host) => !/^(?:[\w-]+\.)*[\w-]+(?::\d{1,5})?$/.test(host));
  if (wrong !== undefined)
    throw new Error(`"${wrong.slice(0, 80)}" must be a host, or host:port, without https:// and path.`);
  return hosts.map((host) => host.toLowerCase());
}

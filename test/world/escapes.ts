// What a hostile program would try from inside a sandbox. Each attempt is a script that prints `escaped` or what held it;
// run without a sandbox the same script must escape, or it would prove nothing.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { agentConfiguration } from '../../src/run/agent-configuration.ts';
import type { Confinement, Sandbox } from '../../src/run/sandbox.ts';
import { confinement } from './sandbox.ts';

const marker = 'suture-parents-secret-4711';

/** A machine to break out into: a secret, a mirror with a worktree of it, servers, a process with a secret of its own. */
export async function openPrey() {
  const base = mkdtempSync(path.join(tmpdir(), 'suture-prey-'));
  const at = (name: string) => path.join(base, name);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: base, stdio: 'pipe' });
  git('init', '--quiet', 'origin');
  git(
    '-C',
    'origin',
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@example.org',
    'commit',
    '--allow-empty',
    '-qm',
    'one',
  );
  git('clone', '--quiet', '--bare', 'origin', 'mirror.git');
  git('-C', 'mirror.git', 'worktree', 'add', '--quiet', '--detach', at('work'), 'HEAD');
  mkdirSync(at('work/.claude'));
  writeFileSync(at('work/.claude/settings.json'), '{"hooks":"run me"}');
  symlinkSync('/', at('work/out'));
  writeFileSync(at('secret.txt'), marker);
  const tcp = await listen({ port: 0, host: '127.0.0.1' });
  const socket = await listen({ path: at('service.sock') });
  const name = `\0suture-prey-${randomUUID()}`;
  const abstract = await listen({ path: name });
  const neighbour = spawn('sleep', ['300'], { env: { PREY: marker }, stdio: 'ignore' });
  const address = tcp.address();
  return {
    base,
    work: at('work'),
    facts: {
      base,
      marker,
      port: typeof address === 'object' && address ? address.port : 0,
      abstract: name,
      neighbour: neighbour.pid ?? 0,
    },
    close: () => {
      neighbour.kill();
      for (const server of [tcp, socket, abstract]) server.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

export type Prey = Awaited<ReturnType<typeof openPrey>>;

async function listen(where: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer((connection) => connection.end('here I am'));
  await new Promise<void>((resolve) => server.listen(where, resolve));
  return server;
}

export type Attempt = {
  name: string;
  script: string;
  /** It does no harm where nothing holds it. */
  safe: boolean;
  /** It succeeded when this is there afterwards, below the prey; where it was tried, the folder may be another. */
  plants?: string;
  /** Without a sandbox it succeeds for root only. */
  asRoot?: true;
};

/** With `fs`, `path`, `net`, `prey` and `tryTo` at hand. */
export const attempts: readonly Attempt[] = [
  {
    name: "read a secret of the bot's environment in /proc",
    safe: true,
    script: `for (const pid of fs.readdirSync('/proc').filter(Number)) {
      try { if (fs.readFileSync('/proc/' + pid + '/environ', 'utf8').includes(prey.marker)) say('escaped'); } catch {}
    }`,
  },
  {
    name: 'see processes outside',
    safe: true,
    script: `if (fs.existsSync('/proc/' + prey.neighbour + '/cmdline') && fs.readFileSync('/proc/' + prey.neighbour + '/cmdline', 'utf8').startsWith('sleep')) say('escaped');`,
  },
  { name: 'end a process outside', safe: false, script: `process.kill(prey.neighbour, 0); say('escaped');` },
  {
    name: 'read a file beside the worktree',
    safe: true,
    script: `if (fs.readFileSync(prey.base + '/secret.txt', 'utf8') === prey.marker) say('escaped');`,
  },
  {
    name: 'read it by a link that leads out',
    safe: true,
    script: `if (fs.readFileSync('out' + prey.base + '/secret.txt', 'utf8') === prey.marker) say('escaped');`,
  },
  {
    name: 'read it by the root of another process',
    safe: true,
    script: `for (const pid of fs.readdirSync('/proc').filter(Number)) {
      try { if (fs.readFileSync('/proc/' + pid + '/root' + prey.base + '/secret.txt', 'utf8') === prey.marker) say('escaped'); } catch {}
    }`,
  },
  {
    name: 'write beside the worktree',
    safe: true,
    script: `fs.writeFileSync(prey.base + '/written', '');`,
    plants: 'written',
  },
  {
    name: 'plant a hook in the mirror',
    safe: true,
    script: `fs.mkdirSync(prey.base + '/mirror.git/hooks', { recursive: true }); fs.writeFileSync(prey.base + '/mirror.git/hooks/post-checkout', '');`,
    plants: 'mirror.git/hooks/post-checkout',
  },
  {
    name: "write the mirror's objects",
    safe: true,
    script: `fs.writeFileSync(prey.base + '/mirror.git/objects/planted', '');`,
    plants: 'mirror.git/objects/planted',
  },
  {
    name: "put another .git in the worktree's place",
    safe: true,
    script: `tryTo(() => fs.writeFileSync('.git', 'gitdir: /tmp/evil')); tryTo(() => fs.renameSync('.git', 'git-was')); tryTo(() => fs.rmSync('.git', { recursive: true }));`,
  },
  {
    name: 'read what the repository configures an agent by',
    safe: true,
    script: `if (fs.readFileSync('.claude/settings.json', 'utf8') !== '') say('escaped');`,
  },
  {
    name: 'change it',
    safe: true,
    script: `tryTo(() => fs.writeFileSync('.claude/settings.json', '{}')); tryTo(() => fs.writeFileSync('.claude/more.json', '{}')); tryTo(() => fs.renameSync('.claude', 'claude-was'));`,
  },
  {
    name: 'write system programs',
    safe: false,
    script: `fs.writeFileSync('/usr/bin/suture-planted', ''); say('escaped');`,
  },
  { name: 'write below /', safe: false, script: `fs.mkdirSync('/suture-planted'); say('escaped');` },
  {
    name: 'change the kernel, for example which program it runs after a crash',
    safe: true,
    script: `const may = (file) => tryTo(() => fs.accessSync(file, fs.constants.W_OK));
      for (const name of ['kernel/core_pattern', 'kernel/modprobe', 'vm/drop_caches']) may('/proc/sys/' + name);
      for (const name of fs.readdirSync('/proc').filter((name) => !Number(name) && name !== 'self'))
        if (fs.lstatSync('/proc/' + name).isFile()) may('/proc/' + name);`,
    asRoot: true,
  },
  {
    name: 'reach a service on loopback',
    safe: true,
    script: `await reach({ port: prey.port, host: '127.0.0.1' });`,
  },
  { name: 'reach a Unix socket', safe: true, script: `await reach({ path: prey.base + '/service.sock' });` },
  { name: 'reach an abstract Unix socket', safe: true, script: `await reach({ path: prey.abstract });` },
  {
    name: 'find another network than its own loopback',
    safe: true,
    script: `if (Object.keys(require('node:os').networkInterfaces()).some((name) => name !== 'lo')) say('escaped');`,
  },
  {
    name: 'keep rights of a superuser, or gain new ones',
    safe: true,
    script: `const status = fs.readFileSync('/proc/self/status', 'utf8');
      for (const line of ['CapEff:\\t0000000000000000', 'CapPrm:\\t0000000000000000', 'CapBnd:\\t0000000000000000', 'NoNewPrivs:\\t1', 'Seccomp:\\t2'])
        if (!status.includes(line)) say('escaped: not ' + line);`,
  },
];

/** By number of system call, for perl, which every Debian has: what must not even be tried on a machine that does not hold it. */
export const calls: Readonly<Record<string, string>> = {
  'make a user namespace': '272, 0x10000000',
  mount: '165, "none", "/tmp", "tmpfs", 0, 0',
  unmount: '166, "/tmp", 2',
  'list keys': '250, 0, -4, 0',
  'add a key': '248, "user", "suture", "x", 1, -4',
  'load a program into the kernel': '321, 0, 0, 0',
  'count events of the machine': '298, 0, 0, -1, -1, 0',
  'queue calls past the filter': '425, 1, 0',
  'speak to the virtual machine': '41, 40, 1, 0',
  'become root': '105, 0',
  'enter another namespace': '308, 0, 0',
  'trace a process outside': '101, 16, $ENV{NEIGHBOUR}, 0, 0',
  'call by the numbers of another x86': '0x40000000 + 39',
};

const prelude = `const fs = require('node:fs'), path = require('node:path'), net = require('node:net');
  const prey = JSON.parse(Buffer.from(process.env.PREY_FACTS, 'base64').toString());
  let said = 'held';
  const say = (word) => { said = word; };
  const tryTo = (act) => { try { act(); say('escaped'); } catch {} };
  const reach = (where) => new Promise((resolve) => {
    const socket = net.connect(where);
    socket.on('data', () => { say('escaped'); resolve(); }).on('error', resolve).on('close', resolve);
  });`;

/** What came of an attempt: `held` or `escaped`. */
export async function attempt(sandbox: Sandbox, prey: Prey, { script, plants }: Attempt): Promise<string> {
  const whole = `${prelude} (async () => { try { ${script} } catch {} console.log(said); })();`;
  const result = await sandbox.run(process.execPath, ['-e', whole], insideOf(prey));
  const planted = plants !== undefined && existsSync(path.join(prey.base, plants));
  return planted ? 'escaped' : result.stdout.trim() || `nothing: ${result.output}`;
}

/** `held` when the kernel refuses the call; otherwise what it gave. */
export async function call(sandbox: Sandbox, prey: Prey, list: string): Promise<string> {
  const code = `my @a = (${list}); my $n = shift @a; my $r = syscall($n, @a); print $r < 0 ? "refused: $!" : "gave $r";`;
  return (await sandbox.run('perl', ['-e', code], insideOf(prey))).output;
}

export function insideOf(prey: Prey, more: Partial<Confinement> = {}) {
  return {
    cwd: prey.work,
    env: {
      HOME: prey.work,
      PREY_FACTS: Buffer.from(JSON.stringify(prey.facts)).toString('base64'),
      NEIGHBOUR: String(prey.facts.neighbour),
    },
    timeoutMs: 60_000,
    confine: confinement([prey.work], { masked: agentConfiguration(prey.work), ...more }),
  };
}

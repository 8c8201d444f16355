// The in-memory code host, alert source, source control, checks and fixer keep what the real ones keep.

import { Later } from '../../../src/domain/failure.ts';
import { repoName, type RepoRef } from '../../../src/domain/problem.ts';
import { alertSourceContract } from '../../rooms/alert-source.contract.ts';
import { checksContract } from '../../rooms/checks.contract.ts';
import { codeHostContract } from '../../rooms/code-host.contract.ts';
import { fixerContract } from '../../rooms/fixer.contract.ts';
import { contractFiles, sourceControlContract } from '../../rooms/source-control.contract.ts';
import { addProject, failingSource, memorySource, newAlerts } from './alerts.ts';
import { memoryDisk, realDisk } from './disk.ts';
import {
  addComment,
  addRepo,
  base,
  changePull,
  mergePull,
  newForge,
  pushFrom,
  reportRun,
  reportStatus,
  self,
} from './forge.ts';
import { memoryGit, opened } from './git.ts';
import { memoryHost } from './host.ts';
import { memoryChecks, memoryFixer } from './proof.ts';
import { problemOf } from '../problems.ts';

const ignore = (): void => undefined;
const human = (login: string) => ({ login, kind: 'human' as const });
const clock = (): number => Date.now();

codeHostContract('memory', async () => {
  const forge = newForge(clock, ignore);
  const repo = addRepo(
    forge,
    { owner: 'acme', name: 'shop' },
    { files: { 'src/a.ts': 'a\n' }, installed: true },
  );
  const closed = addRepo(forge, { owner: 'acme', name: 'safe' }, { files: {}, installed: false });
  return {
    host: memoryHost(forge),
    repo: repo.ref,
    closedRepo: closed.ref,
    self: self.login,
    file: { path: 'src/a.ts', text: 'a\n' },
    reviewAs: async (_login, _pull, { body, remark }) => {
      const id = (forge.nextNumber += 1);
      repo.reviews.set(id, `${body}\nsrc/a.ts: ${remark}`);
      return id;
    },
    addPerson: async (login, role) => void repo.roles.set(login, role),
    pushBranch: async (branch, by = 'ada') =>
      pushFrom(forge, repo, { branch, files: { [branch]: 'x\n' }, by }),
    moveBaseAgainst: async (branch) =>
      void pushFrom(forge, repo, { branch: base, files: { [branch]: 'y\n' }, by: 'bob' }),
    allowDrafts: async (allowed) => void (repo.drafts = allowed),
    hasBranch: async (branch) => repo.branches.has(branch),
    commentAs: async (login, issue, body) =>
      void addComment(forge, repo, { issue, author: human(login), body }),
    mergeAs: async (login, number) => mergePull(forge, repo, { number, by: login, method: 'squash' }),
    closeAs: async (_login, number) => {
      const pull = repo.pulls.get(number);
      if (pull) changePull(forge, repo, { ...pull, state: 'closed', closedAt: clock() });
    },
    reportRun: async (sha, name, conclusion, output = '') =>
      reportRun(forge, repo, { sha, name, conclusion, output }),
    reportStatus: async (sha, context, state) =>
      reportStatus(forge, repo, { sha, status: { context, state, appId: null, url: null } }),
    requireCheck: async (branch, name) => void repo.required.set(branch, [{ name, appId: null }]),
    reactionsOn: async (comment) => [...(repo.reactions.get(comment) ?? [])],
    canFetch: async (access) => {
      try {
        return opened(forge, access) !== null;
      } catch {
        return false;
      }
    },
    stop: async () => undefined,
  };
});

alertSourceContract('memory', async () => {
  const alerts = newAlerts(clock, ignore);
  const projects = ['shop', 'desk'].map((project) => addProject(alerts, { org: 'acme', project }));
  const [project, elsewhere] = projects.map(({ ref }) => ref);
  const source = memorySource(alerts);
  const stranger = memorySource(alerts, false);
  let raised = 0;
  const world = {
    source,
    stranger,
    project: project ?? { org: '', project: '' },
    elsewhere: elsewhere ?? { org: '', project: '' },
    raise: async (where: { project: string }, events: number) => {
      const into = projects.find(({ ref }) => ref.project === where.project);
      raised += 1;
      const made = problemOf({ project: into ?? projects[0]!, index: raised, at: clock() });
      into?.problems.set(made.problem.id, { ...made, problem: { ...made.problem, count: events } });
      return made.problem.id;
    },
    release: async (where: { project: string }) => {
      for (const known of projects) if (known.ref.project === where.project) known.releases += 1;
    },
    push: async (where: { project: string }, repo: RepoRef, commit: string) => {
      for (const known of projects)
        if (known.ref.project === where.project) known.commits.add(`${repoName(repo)}@${commit}`);
    },
    trouble: async () => void Object.assign(world, failing(world)),
    writes: () =>
      alerts.writes.length +
      projects.flatMap(({ notes }) => [...notes.values()]).reduce((sum, some) => sum + some.length, 0),
    stop: async () => void Object.assign(world, failing(world)),
    close: async () => undefined,
  };
  return world;
});

function failing(_world: { source: ReturnType<typeof memorySource> }): Pick<typeof _world, 'source'> {
  return { source: failingSource(() => new Later('The source does not answer.', 30_000)) };
}

sourceControlContract('memory', async () => {
  const forge = newForge(clock, ignore);
  const repo = addRepo(forge, { owner: 'acme', name: 'shop' }, { files: contractFiles, installed: true });
  const disk = memoryDisk();
  const machine = { forge, disk, mirrors: new Map() };
  return {
    sourceControl: memoryGit(machine),
    repo: repo.ref,
    access: { url: 'https://forge.example/acme/shop.git', token: repo.token },
    base: repo.branches.get(base) ?? '',
    pushFromElsewhere: async (branch, files) => pushFrom(forge, repo, { branch, files, by: 'bob' }),
    readHost: async (branch) => {
      const commit = repo.commits.get(repo.branches.get(branch) ?? '');
      if (!commit) return null;
      const { sha: id, parents, message, author, files } = commit;
      return { id, parents: [...parents], message, author, files: Object.fromEntries(files) };
    },
    disk: {
      write: async (dir, file, text) => disk.write(dir, file, text),
      remove: async (dir, file) => disk.remove(dir, file),
      read: async (dir, file) => {
        const text = disk.read(dir, file);
        if (text === null) throw new Error(`ENOENT: ${file}`);
        return text;
      },
    },
  };
});

checksContract('memory', async () => {
  const files = new Map([
    ['src/a.ts', 'const a = 1; // TYPE-ERROR\n'],
    ['test/a.test.ts', 'TEST-FAILS\n'],
  ]);
  const edit = (change: (text: string) => string): void => {
    for (const [file, text] of files) files.set(file, change(text));
  };
  return {
    checks: memoryChecks(() => files),
    dir: '/work',
    reached: 'test/a.test.ts',
    alone: 'src/none.ts',
    mend: async () => edit((text) => text.replaceAll(/TYPE-ERROR|TEST-FAILS/g, 'fine')),
    shiftLines: async () => edit((text) => `\n\n${text}`),
    end: async () => undefined,
  };
});

fixerContract('memory', {
  make: () => memoryFixer(realDisk),
  fixes: [{ project: 'strict', file: 'src/orders.ts', at: 'return', message: 'x is undefined' }],
  refuses: [
    {
      project: 'strict',
      file: 'src/orders.ts',
      at: 'return',
      message: 'x is undefined',
      refusal: 'The line has moved.',
    },
  ],
});

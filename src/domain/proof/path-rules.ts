// Which paths nobody but a person may change, and which no template may even look at.
// Pure text: paths are repository-relative with forward slashes; case does not count.

type Rule = { why: string; patterns: readonly string[] };

/** Programs obey these as soon as they start in the folder (reference coding-agents.md, 5.1). */
const obeyedAtStart: readonly Rule[] = [
  {
    why: 'instructs coding agents',
    patterns: [
      '{.claude,.codex,.cursor,.gemini,.opencode,.vscode}/**',
      '{.mcp.json,opencode.json,opencode.jsonc,.cursorrules,.envrc}',
      '{.github/copilot*,.github/copilot/**,.github/agents/**,.github/mcp.json}',
    ],
  },
  { why: 'is read by git itself', patterns: ['.git*', '.git/**'] },
  {
    why: 'runs or installs programs',
    patterns: [
      '.husky/**',
      '{.npmrc,.yarnrc,.yarnrc.yml,.pnpmfile.cjs,.pre-commit-config.yaml}',
      'lefthook.{yml,yaml}',
    ],
  },
];

/** True for what an agent must not find: it would run code, or obey, before anybody asked it to. */
export function isObeyedAtStart(path: string): boolean {
  if (/(?:^|\/)\.git(?:\/|$)/i.test(path)) return true;
  const harmless = /(?:^|\/)\.git(?:ignore|attributes|keep)$/i.test(path);
  return (
    !harmless && obeyedAtStart.some((rule) => rule.patterns.some((pattern) => matchesPath(pattern, path)))
  );
}

/** Protected whatever the settings say. */
const always: readonly Rule[] = [
  {
    why: 'decides what CI runs',
    patterns: [
      '.github/workflows/**',
      '.github/actions/**',
      '{.circleci,.buildkite}/**',
      '{.gitlab-ci.yml,.travis.yml,azure-pipelines.yml,bitbucket-pipelines.yml,Jenkinsfile}',
    ],
  },
  {
    // A check that checks less passes more; and without its lock file no dependency can change anyway.
    why: 'decides what is built and checked',
    patterns: [
      '{package.json,tsconfig*.json,jsconfig.json,Cargo.toml,pyproject.toml,setup.cfg,setup.py,go.mod}',
      '{vitest,vite,jest,ava,playwright,cypress,eslint,babel}.{config,workspace}.*',
      '{.eslintrc*,.oxlintrc*,.mocharc*,.babelrc*,.swcrc,biome.json,biome.jsonc,.eslintignore}',
      '{pytest.ini,tox.ini,mypy.ini,.mypy.ini,ruff.toml,.ruff.toml,pyrightconfig.json,clippy.toml,.clippy.toml}',
      '{build.rs,.cargo/**,rust-toolchain,rust-toolchain.toml}',
    ],
  },
  { why: 'decides who reviews', patterns: ['CODEOWNERS'] },
  { why: 'holds the settings of this bot', patterns: ['.github/sentry.yml', '.github/sentry.yaml'] },
  {
    why: 'is a lock file',
    patterns: [
      '{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,bun.lockb,deno.lock}',
      '{Cargo.lock,poetry.lock,uv.lock,Pipfile.lock,composer.lock,Gemfile.lock,go.sum,go.work.sum,flake.lock}',
    ],
  },
  {
    why: 'instructs coding agents',
    patterns: ['{AGENTS.md,CLAUDE.md,GEMINI.md}', '.github/copilot-instructions.md'],
  },
  ...obeyedAtStart,
  {
    why: 'is vendored or generated',
    patterns: [
      '{vendor,vendored,third_party,third-party,node_modules,bower_components}/**',
      '{generated,__generated__,dist}/**',
      '*.{min,bundle}.{js,mjs,cjs,css}',
      '*.{generated,gen}.*',
      '{*_pb.js,*_pb.ts,*_pb.d.ts,*.pb.go,*_pb2.py,*.map}',
    ],
  },
];

/** Why that path is protected, as a clause (`is a lock file`); null when it is not. */
export function protection(path: string, given: readonly string[]): string | null {
  const own = given.find((pattern) => matchesPath(pattern, path));
  if (own !== undefined) return `is protected by the setting \`${own}\``;
  return always.find((rule) => rule.patterns.some((pattern) => matchesPath(pattern, path)))?.why ?? null;
}

const tests: readonly string[] = [
  '{test,tests,__tests__,__mocks__,__fixtures__,spec,e2e,cypress,playwright,testdata,test-utils}/**',
  '*.{test,spec,e2e,cy,stories}.*',
  '{test_*.py,*_test.py,*_test.go,conftest.py}',
  '{tests.rs,test.rs,*_test.rs,*_tests.rs,benches/**}',
];

/** Whether the path is a test or what tests stand on, by its name. */
export function isTestPath(path: string): boolean {
  return tests.some((pattern) => matchesPath(pattern, path));
}

/** Why a template must leave the file alone, a finished sentence; null when it may look at it. */
export function templateRefusal(path: string): string | null {
  const why = protection(path, []);
  if (why !== null) return `\`${path}\` ${why}.`;
  if (isTestPath(path)) return `\`${path}\` is a test, and a test that crashes must be read by a person.`;
  if (/\.d\.[cm]?ts$/.test(path)) return `\`${path}\` only declares types.`;
  if (/\.(?:[cm]?[jt]sx?|rs)$/.test(path)) return null;
  return `\`${path}\` is neither TypeScript, JavaScript nor Rust.`;
}

// ---------------------------------------------------------------- globs

/**
 * Matches the way `.gitignore` does: a pattern without a slash matches at any depth, a folder pattern
 * (`vendor/**`) too unless it starts with a slash or a dot. `*`, `?`, `**` and `{a,b}` are understood.
 * Runs in linear time per segment, whatever the pattern.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const segments = path.toLowerCase().split('/');
  return expandBraces(pattern.toLowerCase()).some((one) => matchesSegments(anchored(one), segments));
}

function anchored(pattern: string): string[] {
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
  if (whole.startsWith('/')) return whole.slice(1).split('/');
  const parts = whole.split('/');
  const floats =
    parts.length === 1 || (parts.length === 2 && parts[1] === '**' && !whole.startsWith('.git/'));
  return floats ? ['**', ...parts] : parts;
}

/** At most 64 alternatives: a longer pattern is taken as it is written. */
function expandBraces(pattern: string): string[] {
  const match = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (!match) return [pattern];
  const [, head = '', choices = '', tail = ''] = match;
  const tails = expandBraces(tail);
  const all = choices.split(',').flatMap((choice) => tails.map((rest) => head + choice + rest));
  return all.length > 64 ? [pattern] : all;
}

function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  // reach[i]: the pattern so far covers the first i segments.
  let reach = [true, ...path.map(() => false)];
  for (const part of pattern) {
    reach = part === '**' ? spread(reach) : advance(reach, part, path);
  }
  return reach.at(-1) ?? false;
}

function spread(reach: readonly boolean[]): boolean[] {
  const first = reach.indexOf(true);
  return reach.map((_, index) => first !== -1 && index >= first);
}

function advance(reach: readonly boolean[], part: string, path: readonly string[]): boolean[] {
  return reach.map(
    (_, index) => index > 0 && reach[index - 1] === true && matchesName(part, path[index - 1] ?? ''),
  );
}

/** `*` and `?` in one name: goes back to the last star only. */
function matchesName(pattern: string, name: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let retry = 0;
  while (from < name.length) {
    if (pattern[at] === '?' || (pattern[at] === name[from] && pattern[at] !== '*')) {
      at++;
      from++;
    } else if (pattern[at] === '*') {
      star = at++;
      retry = from;
    } else if (star !== -1) {
      at = star + 1;
      from = ++retry;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

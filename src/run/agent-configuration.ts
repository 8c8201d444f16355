// What a repository could use to run code of its own as soon as a coding agent starts, before any model is asked
// (reference coding-agents.md, 5.1). Instructions (AGENTS.md, CLAUDE.md) stay readable. It must not read any of it.

import path from 'node:path';

const names = [
  '.claude',
  '.codex',
  '.cursor',
  '.gemini',
  '.opencode',
  '.vscode',
  '.husky',
  '.mcp.json',
  'opencode.json',
  'opencode.jsonc',
  '.envrc',
  '.npmrc',
  '.github/workflows',
  '.github/agents',
  '.github/copilot',
  '.github/copilot-instructions.md',
  '.github/copilot-setup-steps.yml',
  '.github/mcp.json',
];

/** The places to mask below a worktree (`Confinement.masked`), there or not. */
export function agentConfiguration(worktree: string): string[] {
  return names.map((name) => path.join(worktree, name));
}

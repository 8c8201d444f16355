// Says what to install when a program is not there. It must not look for programs.

import { Refusal } from '../domain/failure.ts';

const installHints: Readonly<Record<string, string>> = {
  git: 'Install git 2.38 or newer.',
  npm: 'Install Node.js with npm.',
  node: 'Install Node.js 24 or newer.',
  pnpm: 'Install pnpm (npm install --global pnpm).',
  yarn: 'Install yarn (npm install --global yarn).',
  cargo: 'Install Rust with cargo (https://rustup.rs).',
  bwrap: 'Install bubblewrap.',
};

/** The refusal for a program that is not installed; says what to install. */
export function missingProgram(program: string): Refusal {
  const hint = installHints[program] ?? `Install ${program} or put it on PATH.`;
  return new Refusal(`The program ${program} was not found on this machine. ${hint}`);
}

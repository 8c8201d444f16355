// The ways out that npm itself names when it refuses to install, and that many older repositories need. Each is told to
// people; none changes a file of the repository.

import { code } from '../../domain/untrusted.ts';

export type WayOut = {
  args: readonly string[];
  /** A finished sentence. */
  note: string;
};

const legacy = '--legacy-peer-deps';

type Install = { args: readonly string[]; folder: string };

/** What to try after the install that said this; null when there is nothing, or it was tried already. */
export function npmWayOut({ args, folder }: Install, said: string): WayOut | null {
  const what = `npm ${args[0]}${folder === '.' ? '' : ` in ${code(folder, 120)}`}`;
  if (/\bERESOLVE\b/.test(said) && !args.includes(legacy))
    return {
      args: [...args, legacy],
      note: `${what} found a conflict of peer dependencies (ERESOLVE); with ${legacy} it installed.`,
    };
  if (args[0] === 'ci' && /\bEUSAGE\b/.test(said) && /\bin sync\b/.test(said))
    return {
      args: ['install', '--no-save', ...args.slice(1)],
      note: `${what} found package.json and its lock file out of step (EUSAGE); \`npm install --no-save\` installed what both ask for.`,
    };
  return null;
}

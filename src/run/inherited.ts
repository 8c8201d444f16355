// Finds the open files that whoever started us left open for us, and that every program we start would get, too.
// It must not close them: one may be what the command line names, as `/dev/fd/63` does.

import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

/** Set by `O_CLOEXEC`, in the octal numbers of /proc/self/fdinfo (proc(5), fcntl.h). */
const closedOnExec = 0o2000000;

/**
 * The descriptors above 2 that a started program inherits. Node opens its own so that none is inherited, and marks those
 * it finds at its start, but only up to the first gap after 16 (libuv, uv_disable_stdio_inheritance). Linux only;
 * elsewhere none is found.
 */
function inheritedDescriptors(): number[] {
  return list('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

function isInherited(descriptor: number): boolean {
  const flags = /^flags:\s+([0-7]+)$/m.exec(read(`/proc/self/fdinfo/${descriptor}`))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & closedOnExec) === 0;
}

/**
 * What a program gets from descriptor 3 on: those it is given, and nothing in the place of each inherited one. Call
 * `close` when the program has been started.
 */
export function descriptorsFor(given: readonly number[]): {
  stdio: (number | 'ignore')[];
  close: () => void;
} {
  known ??= inheritedDescriptors();
  const inherited = known.filter((descriptor) => descriptor >= given.length + 3);
  if (inherited.length === 0) return { stdio: [...given], close: () => undefined };
  const nothing = openSync('/dev/null', 'r');
  const stdio: (number | 'ignore')[] = Array.from(
    { length: Math.max(...inherited) - 2 },
    (_, index) => given[index] ?? 'ignore',
  );
  for (const descriptor of inherited) stdio[descriptor - 3] = nothing;
  return { stdio, close: () => closeSync(nothing) };
}

/** Looked for once: they come with the start of this process and never later. */
let known: number[] | null = null;

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

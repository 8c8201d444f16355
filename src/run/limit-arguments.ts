// Turns limits into what `prlimit` is told, for each process by itself. Their sum is watched elsewhere.
// It must not ask for more than this process may: that would fail.

import { readFileSync } from 'node:fs';
import type { Limits } from './sandbox.ts';

const mebibyte = 1024 * 1024;

/**
 * Memory is limited generously here, as private data: it only bounds what can happen between two looks at the sum.
 * An address space says nothing about Node or Go, which reserve much more than they use.
 */
export function limitArguments({ memoryMb, processes, cpuSeconds, diskMb }: Limits): string[] {
  const wanted = [
    { flag: '--data', name: 'Max data size', value: (memoryMb + 2048) * mebibyte },
    { flag: '--nproc', name: 'Max processes', value: processes },
    { flag: '--cpu', name: 'Max cpu time', value: cpuSeconds },
    { flag: '--fsize', name: 'Max file size', value: diskMb * mebibyte },
    { flag: '--core', name: 'Max core file size', value: 0 },
  ];
  const most = hardLimits();
  return wanted.map(({ flag, name, value }) => `${flag}=${Math.min(value, most.get(name) ?? value)}`);
}

/** Those of this process that are not unlimited, by the kernel's names. */
function hardLimits(): Map<string, number> {
  const lines = readFileSync('/proc/self/limits', 'utf8').split('\n').slice(1);
  const limits = lines.map((line) => [line.slice(0, 26).trim(), Number(line.slice(47, 68).trim())] as const);
  return new Map(limits.filter(([, limit]) => Number.isFinite(limit)));
}

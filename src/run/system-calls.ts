// The system calls that a sandbox refuses, as the kernel's filter program (seccomp(2), "classic" BPF).
// It must stay a short list of what no check or agent needs: all else is the job of the namespaces.

import { endianness } from 'node:os';

type Machine = {
  name: number;
  clone: number;
  clone3: number;
  socket: number;
  ioctl: number;
  refused: readonly number[];
};

/** New since 2019; these numbers are the same on every machine. */
const common = {
  ioUring: [425, 426, 427],
  mounts: [428, 429, 430, 431, 432, 433, 442],
};

// By machine, from its table of system calls: keys (add_key, request_key, keyctl: they belong to the user, not to a
// namespace); mounts (mount, umount2, pivot_root, unshare, setns, open_by_handle_at); the kernel (bpf, perf_event_open,
// userfaultfd, kexec_load, kexec_file_load, init_module, finit_module, delete_module, fanotify_init); the machine
// (swapon, swapoff, reboot, acct, quotactl, syslog, settimeofday, clock_settime; iopl and ioperm where they exist).
const machines: Readonly<Record<string, Machine>> = {
  x64: {
    name: 0xc000003e,
    clone: 56,
    clone3: 435,
    socket: 41,
    ioctl: 16,
    refused: [
      [248, 249, 250],
      [165, 166, 155, 272, 308, 304],
      [321, 298, 323, 246, 320, 175, 313, 176, 300],
      [167, 168, 169, 163, 179, 103, 164, 227, 172, 173],
    ].flat(),
  },
  arm64: {
    name: 0xc00000b7,
    clone: 220,
    clone3: 435,
    socket: 198,
    ioctl: 29,
    refused: [
      [217, 218, 219],
      [40, 39, 41, 97, 268, 265],
      [280, 241, 282, 104, 294, 105, 273, 106, 262],
      [224, 225, 142, 89, 60, 116, 170, 112],
    ].flat(),
  },
};

/** Unix, IPv4, IPv6 and netlink: others, VM sockets among them, are not held by a network namespace. */
const families = [1, 2, 10, 16];
const newUser = 0x10000000;
/** Typing into a terminal on behalf of whoever sits there. */
const typing = [0x5412, 0x541c];

const errno = { notPermitted: 1, notThere: 38, noSuchFamily: 97 };
/** Where the kernel puts what is asked about; the low half of an argument. */
const at = { number: 0, machine: 4, argument: (index: number) => 16 + 8 * index };

/** The filter for this kind of machine; null where we have no table of its system calls. */
export function systemCallFilter(architecture: string): Buffer | null {
  const machine = machines[architecture];
  if (!machine || endianness() !== 'LE') return null;
  const refused = [...machine.refused, ...common.ioUring, ...common.mounts];
  return Buffer.concat([
    load(at.machine),
    ...unless(machine.name, refuse(errno.notThere)),
    load(at.number),
    // The other numbering of x86: the same calls under names that the list would not know.
    ...(architecture === 'x64' ? whenAtLeast(0x40000000, refuse(errno.notThere)) : []),
    ...refused.flatMap((call) => when(call, [refuse(errno.notPermitted)])),
    // Its flags lie in memory, where a filter cannot look; programs fall back to clone.
    ...when(machine.clone3, [refuse(errno.notThere)]),
    ...when(machine.clone, [load(at.argument(0)), ...whenAnyBit(newUser, refuse(errno.notPermitted)), allow]),
    ...when(machine.ioctl, [
      load(at.argument(1)),
      ...typing.flatMap((request) => when(request, [refuse(errno.notPermitted)])),
      allow,
    ]),
    ...when(machine.socket, [
      load(at.argument(0)),
      ...families.flatMap((family) => when(family, [allow])),
      refuse(errno.noSuchFamily),
    ]),
    allow,
  ]);
}

// Operations of the filter machine, linux/bpf_common.h: load a word, jump if equal, at least, any bit; return.
const operation = { load: 0x20, equal: 0x15, atLeast: 0x35, anyBit: 0x45, give: 0x06 };

function instruction(code: number, value: number, jump = { yes: 0, no: 0 }): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(jump.yes, 2);
  bytes.writeUInt8(jump.no, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}

const load = (offset: number): Buffer => instruction(operation.load, offset);
const allow = instruction(operation.give, 0x7fff0000);
const refuse = (reason: number): Buffer => instruction(operation.give, 0x00050000 + reason);

function when(value: number, steps: readonly Buffer[]): Buffer[] {
  return [instruction(operation.equal, value, { yes: 0, no: steps.length }), ...steps];
}

function unless(value: number, step: Buffer): Buffer[] {
  return [instruction(operation.equal, value, { yes: 1, no: 0 }), step];
}

function whenAtLeast(value: number, step: Buffer): Buffer[] {
  return [instruction(operation.atLeast, value, { yes: 0, no: 1 }), step];
}

function whenAnyBit(value: number, step: Buffer): Buffer[] {
  return [instruction(operation.anyBit, value, { yes: 0, no: 1 }), step];
}

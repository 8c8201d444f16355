// What bubblewrap is told: which part of this machine a program sees, and how. Order matters: later mounts cover earlier.
// It must not start anything; it looks at files only to leave out what is not there.

import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Confinement } from './sandbox.ts';

/** Files of ours that stand in for others: an empty file and folder, a `.git` that leads nowhere, names of users. */
export type StandIns = { file: string; folder: string; git: string; passwd: string; group: string };

/** Where the forwards' sockets appear inside. */
export const insideFolder = '/run/suture';

const merged = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** Public parts of /etc that programs need. Nothing here holds a secret; whole folders of settings are not shown. */
const etc = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'debian_version',
  'fonts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'os-release',
  'pki/ca-trust',
  'pki/tls/certs',
  'pki/tls/cert.pem',
  'protocols',
  'services',
  'ssl/cert.pem',
  'ssl/certs',
  'ssl/openssl.cnf',
  'timezone',
];

/** Settings that may name tokens, below folders that are shown. */
const coveredSettings = ['/usr/etc', '/usr/local/etc'];

/**
 * Of the machine as a whole, not of a namespace. Who runs us as root owns these files, and owners write without any
 * capability; `core_pattern` below /proc/sys names a program that the kernel then runs outside.
 */
const machinesOwn = [
  'acpi',
  'kcore',
  'key-users',
  'keys',
  'kmsg',
  'mtrr',
  'sched_debug',
  'scsi',
  'sysrq-trigger',
  'timer_list',
];

/** A machine of its own: processes, users, network, messages, name; it ends with us. */
export const namespaces = [
  '--unshare-user --unshare-pid --unshare-net --unshare-ipc --unshare-uts --unshare-cgroup-try',
  '--uid 1000 --gid 1000 --hostname sandbox --cap-drop ALL --die-with-parent',
].flatMap((words) => words.split(' '));

/** The arguments that build the file system. Takes what `confine` says, where the stand-ins lie, and mounts of ours. */
export function fileSystem(confine: Confinement, standIns: StandIns, own: readonly string[]): string[] {
  const size = String(temporaryBytes(confine));
  return [
    ...systemFolders(standIns),
    ...'--proc /proc --ro-bind /proc/sys /proc/sys'.split(' '),
    ...machinesOwn.flatMap((name) => cover(`/proc/${name}`, standIns)),
    ...'--dev /dev --size'.split(' '),
    size,
    ...'--tmpfs /dev/shm --remount-ro /dev --perms 1777 --size'.split(' '),
    size,
    ...`--tmpfs /tmp --dir /var/tmp --dir ${insideFolder}`.split(' '),
    ...foldersOf(confine),
    ...confine.writable.flatMap((place) => cover(path.join(place, '.git'), standIns)),
    ...confine.masked.flatMap((place) => cover(place, standIns)),
    ...confine.forwards.flatMap(({ port, socket }) => mountReadOnly(socket, insideSocket(port))),
    ...own,
    '--remount-ro',
    '/',
  ];
}

function depth(place: string): number {
  return place.split('/').length;
}

/** Outer folders first, so that each inner one keeps its own rule. */
function foldersOf({ readable, writable }: Confinement): string[] {
  const places = [
    ...readable.filter(there).map((place) => ({ place, flag: '--ro-bind' })),
    ...writable.map((place) => ({ place, flag: '--bind' })),
  ];
  return places
    .toSorted((one, other) => depth(one.place) - depth(other.place))
    .flatMap(({ place, flag }) => [flag, place, place]);
}

/** The path inside of the socket that answers for a port. */
export function insideSocket(port: number): string {
  return `${insideFolder}/${port}.sock`;
}

/** Memory-backed, so a part of the memory it may use. */
function temporaryBytes({ limits }: Confinement): number {
  return Math.max(16, Math.min(limits.diskMb, Math.floor(limits.memoryMb / 2))) * 1024 * 1024;
}

function systemFolders({ passwd, group }: StandIns): string[] {
  return [
    ...'--ro-bind /usr /usr'.split(' '),
    ...coveredSettings.filter(there).flatMap((place) => ['--tmpfs', place, '--remount-ro', place]),
    ...merged.flatMap(linkOrFolder),
    ...etc.map((name) => `/etc/${name}`).flatMap((place) => ['--ro-bind-try', place, place]),
    ...mountReadOnly(passwd, '/etc/passwd'),
    ...mountReadOnly(group, '/etc/group'),
  ];
}

function mountReadOnly(from: string, to: string): string[] {
  return ['--ro-bind', from, to];
}

/** On most systems /bin is a link into /usr; elsewhere a folder. */
function linkOrFolder(place: string): string[] {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (!found) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(place), place] : mountReadOnly(place, place);
}

/** Something empty over what lies there; over nothing there is nothing to put. A link is followed first. */
function cover(place: string, standIns: StandIns): string[] {
  const real = realOf(place);
  if (real === null) return [];
  if (lstatSync(real).isDirectory()) return mountReadOnly(standIns.folder, real);
  return mountReadOnly(path.basename(place) === '.git' ? standIns.git : standIns.file, real);
}

function realOf(place: string): string | null {
  try {
    return realpathSync(place);
  } catch {
    return null;
  }
}

function there(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}

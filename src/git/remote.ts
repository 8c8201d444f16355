// Turns what git says about a host into our kinds of failure, in one place.
// It must not run git.

import { Later, Refusal } from '../domain/failure.ts';

const unreachable =
  /could not resolve|failed to connect|couldn't connect|connection (?:refused|reset|timed out|was reset)|timed? out|operation too slow|returned error: (?:5\d\d|429|408)|early eof|hung up|rpc failed|ssl|gnutls|empty reply|transfer closed|recv failure/i;
const refused =
  /authentication failed|could not read (?:username|password)|returned error: 4\d\d|not found|access denied|permission to .* denied|unable to update url base/i;

const retryMs = 60_000;

/** The failure behind git's words about a host; null when they are not about the host. */
export function remoteFailure(what: string, stderr: string): Refusal | Later | null {
  const words = hostWords(stderr);
  if (unreachable.test(stderr))
    return new Later(`${what}: the host cannot be reached. It says: ${words}`, retryMs);
  if (refused.test(stderr))
    return new Refusal(
      `${what}: the host does not let us in. Check that the app is installed on this repository and may read and write its contents. The host says: ${words}`,
    );
  return null;
}

/** The failure behind a push that did not go through; reads `git push --porcelain`. */
export function pushFailure(branch: string, stdout: string, stderr: string): Refusal | Later | null {
  const reason = /^!\t[^\t]*\t(.*)$/m.exec(stdout)?.[1];
  if (reason === undefined) return remoteFailure(`Pushing ${branch}`, stderr);
  const words = hostWords(
    stderr
      .split('\n')
      .filter((line) => line.startsWith('remote:'))
      .join('\n'),
  );
  const said = [reason, words].filter(Boolean).join(' ');
  if (/remote failure|internal server error|internal error|cannot lock|failed to lock|timed? out/i.test(said))
    return new Later(`Pushing ${branch}: the host failed. It says: ${said}`, retryMs);
  if (/stale info|non-fast-forward|fetch first/.test(reason))
    return new Refusal(
      `The branch ${branch} has moved on the host since it was read, so it was not overwritten. Look at what was pushed there, then try again.`,
    );
  return new Refusal(`The host refused the push of ${branch}. It says: ${said}`);
}

/** One line of at most 1,000 characters, without git's decoration. Hostile text. */
function hostWords(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^(?:remote|fatal|error):\s*/g, '').trim());
  const words = lines.filter((line) => line !== '' && !/^To https?:/.test(line)).join(' ');
  return words.replace(/\p{Cc}+/gu, ' ').slice(0, 1000);
}

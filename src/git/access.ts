// Hands a token to one single git, at the last moment: in that child's environment, for one host only.
// It must never put the token into an argument, a file, an address or a text.

import { Bug } from '../domain/failure.ts';
import type { GitAccess } from '../ports.ts';

const tokenVariable = 'SUTURE_GIT_TOKEN';

// What an operator behind a proxy or with an own certificate authority has set for this machine.
const networkVariables = [
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
];

// Written by the shell itself, so the token is not in any program's arguments. Git asks this helper
// only for the host it is configured for, also after a redirect.
const helper = `!f() { test "$1" = get && printf 'username=x-access-token\\npassword=%s\\n' "$${tokenVariable}"; }; f`;

/** Checks the address: http or https, no credentials, no query. Throws Bug without repeating it. */
export function checkedUrl(access: GitAccess): URL {
  const url = URL.parse(access.url);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Bug('The address of a repository must begin with https:// (or http://).');
  if (url.username || url.password || url.search || url.hash)
    throw new Bug('The address of a repository must not carry credentials, a query or a fragment.');
  return url;
}

/** Settings for that call: how git gets the token, for exactly this origin. */
export function accessConfig(access: GitAccess): [string, string][] {
  return [[`credential.${checkedUrl(access).origin}.helper`, helper]];
}

/** The environment of that call: the token, and this machine's proxy and certificates. */
export function accessEnvironment(access: GitAccess): Record<string, string> {
  if (!/^[\x21-\x7e]+$/.test(access.token))
    throw new Bug('A git token must be printable and must not be empty.');
  const network = networkVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...(Object.fromEntries(network) as Record<string, string>), [tokenVariable]: access.token };
}

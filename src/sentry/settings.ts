// The names of the operator's settings and of the scopes, for sentences that say what to change.
// It must not read the environment; config.ts does.

export const settings = {
  url: 'SENTRY_URL',
  token: 'SENTRY_TOKEN',
  bindings: 'BINDINGS',
} as const;

/** What the token may do at Sentry (reference sentry.md, section 3). */
export type Scope = 'event:read' | 'event:write' | 'project:read' | 'org:read';

export const neededScopes = 'event:read, event:write and project:read';

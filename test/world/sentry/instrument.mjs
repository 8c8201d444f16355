// Attaches the official SDK to a program from outside: `node --import <this file> program`.
// Must not know the program: address and release come from the environment.

import * as Sentry from '@sentry/node';

const dsn = process.env['SENTRY_DSN'];

if (dsn) {
  Sentry.init({
    dsn,
    release: process.env['SENTRY_RELEASE'],
    environment: process.env['SENTRY_ENVIRONMENT'] ?? 'production',
    // The SDK drops an event equal to the one before it; here the same crash twice is two events.
    integrations: (defaults) => defaults.filter((integration) => integration.name !== 'Dedupe'),
  });
  process.on('SIGTERM', () => {
    void Sentry.close(2000).then(() => process.exit(0));
  });
}

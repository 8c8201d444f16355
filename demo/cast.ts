// Which crashes the demo plays, and how each has to end.

import { crashNames, type CrashName } from '../test/world/sentry/crashes.ts';

export type Role = { crash: CrashName; ends: 'resolved' | 'refused' | 'to-archive' };

/** The play of `--once`: two that code can mend, one that only a person can decide, one that no code mends. */
export const roles: readonly Role[] = [
  { crash: 'related-product', ends: 'resolved' },
  { crash: 'order-page', ends: 'resolved' },
  { crash: 'no-shipping-rate', ends: 'refused' },
  { crash: 'payment-down', ends: 'to-archive' },
];

/** What happens in the shop, for people. */
export const crashStories: Readonly<Record<CrashName, string>> = {
  'related-product': 'Somebody follows an old link to a product that is no longer sold.',
  'order-page': 'Somebody opens an order that was taken by telephone and has no gift messages.',
  'sign-out-twice': 'Somebody signs out in one tab, then in the other.',
  'payment-down': 'The payment provider answers 503 while somebody pays.',
  'no-shipping-rate': 'Somebody asks what shipping to a country without a rate would cost.',
};

export { crashNames, type CrashName };

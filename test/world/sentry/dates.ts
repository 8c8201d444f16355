// The two ways Sentry prints a moment (reference sentry.md, 1.7).
// Must not read a clock.

/** Milliseconds since 1970 as `2025-11-10T20:56:00.679000Z`; whole seconds have no fraction. */
export function printDate(at: number, zone: 'Z' | '+00:00' = 'Z'): string {
  const whole = new Date(at).toISOString().slice(0, 19);
  const millis = ((at % 1000) + 1000) % 1000;
  const fraction = millis === 0 ? '' : `.${String(Math.trunc(millis)).padStart(3, '0')}000`;
  return `${whole}${fraction}${zone}`;
}

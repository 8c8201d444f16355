import type { Cents } from './money.ts';

export type Rate = { perKilo: Cents };
export type Parcel = { country: string; grams: number };

/** The country of customers who fetch their order at the counter. */
export const pickup = 'pickup';

export const handlingFee: Cents = 250;

export const rates: ReadonlyMap<string, Rate> = new Map([
  ['DE', { perKilo: 320 }],
  ['AT', { perKilo: 480 }],
  ['FR', { perKilo: 650 }],
]);

/** What sending the parcel costs; undefined when nothing is sent. */
export function shippingCost(parcel: Parcel, table: ReadonlyMap<string, Rate>): Cents | undefined {
  if (parcel.country === pickup) return undefined;
  const perKilo = table.get(parcel.country)!.perKilo;
  const kilos = Math.max(1, Math.ceil(parcel.grams / 1000));
  return handlingFee + perKilo * kilos;
}

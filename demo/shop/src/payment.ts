import type { Cents } from './money.ts';

export class PaymentFailed extends Error {
  override readonly name = 'PaymentFailed';
}

export type Charge = { amount: Cents; card: string };

/** Takes the money and gives the provider's receipt. Throws PaymentFailed when the provider does not take it. */
export async function charge(providerUrl: string, request: Charge): Promise<string> {
  const response = await fetch(`${providerUrl}/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (!response.ok) {
    throw new PaymentFailed(`the payment provider answered ${response.status}`);
  }
  const { receipt } = (await response.json()) as { receipt: string };
  return receipt;
}

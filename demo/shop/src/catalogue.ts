import type { Cents } from './money.ts';

export type Product = {
  id: string;
  name: string;
  category: 'indoor' | 'outdoor' | 'spare';
  price: Cents;
  grams: number;
};

export type Catalogue = { products: readonly Product[] };

export const catalogue: Catalogue = {
  products: [
    { id: 'oil-lamp', name: 'Oil lamp', category: 'indoor', price: 3490, grams: 900 },
    { id: 'reading-lamp', name: 'Reading lamp', category: 'indoor', price: 5900, grams: 1400 },
    { id: 'storm-lantern', name: 'Storm lantern', category: 'outdoor', price: 4250, grams: 1100 },
    { id: 'garden-torch', name: 'Garden torch', category: 'outdoor', price: 1990, grams: 700 },
    { id: 'wick', name: 'Spare wick', category: 'spare', price: 290, grams: 20 },
  ],
};

export function findProduct(from: Catalogue, productId: string): Product | undefined {
  return from.products.find((product) => product.id === productId);
}

/** Another product of the same category, for the "you may also like" box; undefined when there is none. */
export function relatedProduct(from: Catalogue, productId: string): Product | undefined {
  const category = from.products.find((product) => product.id === productId)!.category;
  return from.products.find((product) => product.category === category && product.id !== productId);
}

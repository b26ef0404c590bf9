import { readPrice } from './prices';

export function order(url: string): void {
  readPrice(url);
}

export async function priceOrNothing(url: string): Promise<number | undefined> {
  try {
    return readPrice(url);
  } catch {
    return undefined;
  }
}

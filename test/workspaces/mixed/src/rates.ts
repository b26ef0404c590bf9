import { readPrice } from './prices';

export async function rateOrOne(url: string): Promise<number> {
  try {
    return readPrice(url);
  } catch {
    return 1;
  }
}

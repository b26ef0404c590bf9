export async function readPrice(url: string): Promise<number> {
  const response = await fetch(url);
  return Number(await response.text());
}

export async function priceOrZero(url: string): Promise<number> {
  try {
    return readPrice(url);
  } catch {
    return 0;
  }
}

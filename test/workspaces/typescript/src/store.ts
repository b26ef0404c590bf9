export async function save(text: string): Promise<number> {
  if (text === '') throw new Error('There is nothing to save.');
  return Promise.resolve(text.length);
}

export function describe(text: string): string {
  return text;
}

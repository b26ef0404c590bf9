export async function save(text: string): Promise<number> {
  return Promise.resolve(text.length);
}

export function describe(text: string): string {
  return text;
}

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface Order {
  readonly id: number;
  readonly email: string;
  readonly paid: boolean;
}

export async function loadOrders(file: string): Promise<Order[]> {
  const settings = readSettings();
  const text = await readFile(`${settings.folder}/${file}`, 'utf8');
  return JSON.parse(text) as Order[];
}

function readSettings(): { readonly folder: string } {
  return JSON.parse(readFileSync('settings.json', 'utf8')) as { folder: string };
}

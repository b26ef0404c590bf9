import { mkdir, writeFile } from 'node:fs/promises';

import { loadOrders, type Order } from './orders.js';

export async function writeReport(order: Order): Promise<void> {
  const yesterday = loadOrders('yesterday.json');
  await mkdir('reports', { recursive: true });
  const known = await yesterday;
  await writeFile(`reports/${order.id}.txt`, `${order.email}: one of ${known.length + 1} orders`);
}

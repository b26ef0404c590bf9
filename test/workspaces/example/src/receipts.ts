import type { Order } from './orders.js';

const service = 'https://mail.example/receipts';

export async function sendReceipt(order: Order): Promise<boolean> {
  const answer = await fetch(service, { method: 'POST', body: JSON.stringify(order) });
  return answer.ok;
}

export async function sendReceipts(orders: readonly Order[]): Promise<number> {
  const sent = await Promise.all(orders.map(async (order) => sendReceipt(order)));
  return sent.filter(Boolean).length;
}

export async function sendSafely(order: Order): Promise<boolean> {
  try {
    return sendReceipt(order);
  } catch (error) {
    console.error(`The receipt of order ${order.id} was not sent.`, error);
    return false;
  }
}

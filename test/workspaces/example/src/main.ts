import { loadOrders, type Order } from './orders.js';
import { sendReceipt, sendReceipts } from './receipts.js';
import { writeReport } from './reports.js';

async function closeDay(file: string): Promise<void> {
  const orders = await loadOrders(file);
  const paid = orders.filter((order) => order.paid);

  sendReceipts(paid);

  paid.forEach(async (order) => {
    await writeReport(order);
  });
}

async function remind(orders: Order[]): Promise<void> {
  for (const order of orders) {
    await sendReceipt(order);
  }
}

async function main(): Promise<void> {
  await closeDay('orders.json');
  await remind(await loadOrders('unpaid.json'));
}

void main();

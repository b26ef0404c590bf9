import { setTimeout as sleep } from 'node:timers/promises';

/** @param {string} address */
export async function isUp(address) {
  const answer = await fetch(address);
  return answer.ok;
}

/** @param {string} address */
export async function waitUntilUp(address) {
  while (!isUp(address)) {
    sleep(1000);
  }
}

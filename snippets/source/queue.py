# name: Queue with back pressure
# prefix: [async-queue, queue]
# description: 'Bounded queue: put waits while it is full, join waits for the last item, then the consumers are cancelled and waited for. Python 3.11.'
# tabstops:
#   1: process_all
#   2: str
#   3: '100'
#   0: print(item)

import asyncio
from collections.abc import Iterable


async def consume(queue: asyncio.Queue[str]) -> None:
    while True:
        item = await queue.get()
        try:
            print(item)
        finally:
            queue.task_done()


async def process_all(items: Iterable[str], consumers: int = 4) -> None:
    queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
    # When a consumer fails, the group ends the others and this loop too.
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(consume(queue)) for _ in range(consumers)]
        for item in items:
            await queue.put(item)
        await queue.join()
        for task in tasks:
            task.cancel()

# name: Gather
# prefix: [async-gather, gather]
# description: 'Several results at once, in order; after the first failure the other tasks are cancelled and waited for, which gather alone does not do.'
# tabstops:
#   1: load
#   2: load_all

import asyncio
from collections.abc import Iterable


async def load(name: str) -> str:
    await asyncio.sleep(0.1)
    return name


async def load_all(names: Iterable[str]) -> list[str]:
    tasks = [asyncio.create_task(load(name)) for name in names]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

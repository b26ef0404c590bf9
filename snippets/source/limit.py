# name: Map with limited concurrency
# prefix: [async-limit, map-limit]
# description: 'Call an async function for each item, at most N at a time; results keep their order, the first error cancels the rest. Python 3.11.'
# tabstops:
#   1: map_limit

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def map_limit(
    function: Callable[[T], Awaitable[R]], items: Iterable[T], limit: int
) -> list[R]:
    if limit < 1:
        raise ValueError("limit must be at least 1")
    results: dict[int, R] = {}
    numbered = enumerate(items)

    # All workers take from the same iterator, so each item is taken once.
    async def work() -> None:
        for index, item in numbered:
            results[index] = await function(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(limit):
            group.create_task(work())
    return [results[index] for index in sorted(results)]

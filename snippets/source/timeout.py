# name: Timeout with cancellation
# prefix: [async-timeout, timeout]
# description: 'A time limit for a block: what it awaits is cancelled, and a TimeoutError from inside is told apart from this one. Python 3.11.'
# tabstops:
#   1: fetch_in_time
#   2: fetch
#   3: '10'

import asyncio


async def fetch(url: str) -> str:
    await asyncio.sleep(0.1)
    return url


async def fetch_in_time(url: str) -> str | None:
    try:
        async with asyncio.timeout(10) as limit:
            return await fetch(url)
    except TimeoutError:
        if not limit.expired():
            raise
        # The time is up: the work has been cancelled and has ended.
        return None

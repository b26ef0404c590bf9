# name: Async iteration with cleanup
# prefix: [async-iterate, async-generator, async-for]
# description: 'An async generator that frees its resource however the loop over it ends: aclosing runs its finally at once. Python 3.10.'
# tabstops:
#   1: lines_of
#   2: find_line

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing


async def lines_of(host: str, port: int) -> AsyncGenerator[str, None]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        async for line in reader:
            yield line.decode().rstrip()
    finally:
        writer.close()
        await writer.wait_closed()


async def find_line(host: str, port: int, text: str) -> str | None:
    # Leaving a bare async for early would leave the connection open for a while.
    async with aclosing(lines_of(host, port)) as lines:
        async for line in lines:
            if text in line:
                return line
    return None

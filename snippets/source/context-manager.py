# name: Async context manager
# prefix: [async-context-manager, async-with]
# description: 'Tie a resource to a block with @asynccontextmanager: closed at its end whatever happens, errors and cancellation included.'
# tabstops:
#   1: connect
#   2: ask

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def connect(
    host: str, port: int
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


async def ask(host: str, port: int, question: str) -> str:
    async with connect(host, port) as (reader, writer):
        writer.write(f"{question}\n".encode())
        await writer.drain()
        return (await reader.readline()).decode().rstrip()

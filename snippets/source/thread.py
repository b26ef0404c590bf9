# name: Blocking call in a thread
# prefix: [async-thread, to-thread]
# description: 'Await a function that blocks without holding up the event loop: asyncio.to_thread runs it in a thread of the default pool.'
# tabstops:
#   1: read_file
#   2: read_file_async

import asyncio
from pathlib import Path


def read_file(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


async def read_file_async(path: str) -> str:
    # Cancelling ends the waiting; the thread runs on to the end of its call.
    return await asyncio.to_thread(read_file, path)

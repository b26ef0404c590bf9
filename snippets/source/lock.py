# name: Lock
# prefix: [async-lock, lock, mutex]
# description: 'Mutual exclusion for code that awaits: one task at a time in the block, in the order of arrival, released even when it raises.'
# tabstops:
#   1: Account
#   2: update
#   0: pass

import asyncio


class Account:
    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def update(self) -> None:
        # Not reentrant: nothing called in the block may take the lock again.
        async with self._lock:
            pass

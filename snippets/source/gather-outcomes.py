# name: Gather every outcome
# prefix: [async-gather-outcomes, gather-outcomes, return-exceptions]
# description: 'Wait for all whatever fails: gather with return_exceptions, every outcome looked at, failures logged and successes kept. Python 3.10.'
# tabstops:
#   1: load
#   2: load_all

import asyncio
import logging
from collections.abc import Sequence


async def load(name: str) -> str:
    await asyncio.sleep(0.1)
    return name


async def load_all(names: Sequence[str]) -> dict[str, str]:
    outcomes = await asyncio.gather(
        *(load(name) for name in names), return_exceptions=True
    )
    loaded: dict[str, str] = {}
    for name, outcome in zip(names, outcomes, strict=True):
        # BaseException, because a cancellation is no Exception.
        if isinstance(outcome, BaseException):
            logging.error("%s failed", name, exc_info=outcome)
        else:
            loaded[name] = outcome
    return loaded

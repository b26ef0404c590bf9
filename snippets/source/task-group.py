# name: Task group
# prefix: [async-task-group, task-group]
# description: 'Structured concurrency: the first failure cancels the other tasks, all are waited for, except* takes what failed. Python 3.11.'
# tabstops:
#   1: load_profile
#   2: load
#   3: OSError

import asyncio
import logging


async def load(name: str) -> str:
    await asyncio.sleep(0.1)
    return name


async def load_profile() -> tuple[str, str]:
    try:
        async with asyncio.TaskGroup() as group:
            user = group.create_task(load("user"))
            orders = group.create_task(load("orders"))
    except* OSError as failures:
        # By now no task of the group is running any more.
        for error in failures.exceptions:
            logging.error("The profile is not complete: %r", error)
        raise
    return user.result(), orders.result()

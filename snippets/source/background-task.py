# name: Background task
# prefix: [async-background-task, background-task, create-task]
# description: 'Start work beside this function and keep the task alive: a strong reference until it is done, then its exception is logged.'
# tabstops:
#   1: start_in_background
#   2: background_tasks

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

# The event loop has only weak references to its tasks.
background_tasks: set[asyncio.Task[Any]] = set()


def start_in_background(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    task = asyncio.create_task(work)
    background_tasks.add(task)
    task.add_done_callback(forget)
    return task


def forget(task: asyncio.Task[Any]) -> None:
    background_tasks.discard(task)
    if not task.cancelled() and (error := task.exception()):
        logging.error("%s failed", task.get_name(), exc_info=error)

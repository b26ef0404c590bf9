# name: Computation in a process pool
# prefix: [async-process-pool, async-worker, process-pool, run-in-executor]
# description: 'Run computations that would block the event loop in other processes with run_in_executor; a failure drops those not yet started.'
# tabstops:
#   1: compute
#   2: compute_all
#   3: sum(range(number))

import asyncio
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


# At the top level of a module, where the other process can import it.
def compute(number: int) -> int:
    return sum(range(number))


async def compute_all(
    pool: ProcessPoolExecutor, numbers: Iterable[int]
) -> list[int]:
    loop = asyncio.get_running_loop()
    jobs = [loop.run_in_executor(pool, compute, number) for number in numbers]
    try:
        return await asyncio.gather(*jobs)
    finally:
        for job in jobs:
            job.cancel()


if __name__ == "__main__":
    # The pool lives longer than the loop, whose thread its end would block.
    # spawn: a process forked while threads are running may hang.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        print(asyncio.run(compute_all(pool, [10, 100, 1000])))

# name: Graceful shutdown
# prefix: [async-shutdown, graceful-shutdown]
# description: 'On SIGINT or SIGTERM let the work finish what it has begun; a deadline cancels what hangs, a second signal ends it (Unix). Python 3.11.'
# tabstops:
#   1: run_until_signal
#   2: '10'
#   3: work
#   0: await asyncio.sleep(0.1)

import asyncio
import logging
import signal


async def work(stop: asyncio.Event) -> None:
    while not stop.is_set():
        await asyncio.sleep(0.1)


async def run_until_signal() -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def ignore_signals() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    def on_signal(received: signal.Signals) -> None:
        # From now on a signal has its usual effect and ends the program.
        ignore_signals()
        logging.warning("%s: at most %s s to finish", received.name, 10)
        stop.set()
        limit.reschedule(loop.time() + 10)

    try:
        # Without a limit, until a signal sets one.
        async with asyncio.timeout(None) as limit:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, on_signal, number)
            await work(stop)
    finally:
        ignore_signals()


if __name__ == "__main__":
    asyncio.run(run_until_signal())

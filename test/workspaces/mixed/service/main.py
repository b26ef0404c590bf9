import asyncio


async def is_paid(order: str) -> bool:
    await asyncio.sleep(0.1)
    return order == "42"


async def ship(order: str) -> None:
    if is_paid(order):
        print("shipped", order)

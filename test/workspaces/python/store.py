"""What the other modules of this workspace call."""


async def save(item: str) -> None:
    print(item)

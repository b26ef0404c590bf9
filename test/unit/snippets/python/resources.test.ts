import assert from 'node:assert/strict';
import { describePythonSnippet } from '../python-harness';

// Answers each line in capitals, and tells when the client has closed the connection.
const server = `
closed = []

async def serve(reader, writer):
    async for line in reader:
        for word in line.split():
            writer.write(word.upper() + b"\\n")
        if line == b"close\\n":
            break
        await writer.drain()
    writer.close()
    closed.append(True)

async def serving(client):
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        await client("127.0.0.1", server.sockets[0].getsockname()[1])

async def until_closed(count):
    async with asyncio.timeout(10):
        while len(closed) < count:
            await asyncio.sleep(0.005)
`;

describePythonSnippet('async-context-manager', ({ run }) => {
  it('opens, hands over and closes', async () => {
    const output = await run(`${server}
async def client(host, port):
    print(await snippet.ask(host, port, "hello"))
    await until_closed(1)

asyncio.run(serving(client))`);
    assert.deepEqual(output, ['HELLO']);
  });

  it('closes after an error and after a cancellation', async () => {
    await run(`${server}
async def client(host, port):
    with raises(ValueError, "inside"):
        async with snippet.connect(host, port) as (reader, writer):
            raise ValueError("inside")
    assert writer.is_closing()
    with raises(TimeoutError):
        async with asyncio.timeout(0.3):
            async with snippet.connect(host, port) as (reader, writer):
                await reader.readline()
    assert writer.is_closing()
    await until_closed(2)

asyncio.run(serving(client))`);
  });
});

// Sends three lines, then keeps the connection open until the client closes it.
const lines = server.replace(
  'async for line in reader:',
  'writer.write(b"one\\ntwo\\nthree\\n")\n    async for line in reader:',
);

describePythonSnippet('async-iterate', ({ run }) => {
  it('closes the connection when the loop is left early, before the result is there', async () => {
    const output = await run(`${lines}
generators = []
lines_of = snippet.lines_of

def kept(host, port):
    generators.append(lines_of(host, port))
    return generators[-1]

async def client(host, port):
    # What refers to the generator still must not put off its end.
    snippet.lines_of = kept
    print(await snippet.find_line(host, port, "w"))
    assert generators[0].ag_frame is None
    await until_closed(1)

asyncio.run(serving(client))`);
    assert.deepEqual(output, ['two']);
  });

  it('ends when the other side does', async () => {
    const output = await run(`
async def serve(reader, writer):
    writer.write(b"one\\ntwo\\n")
    writer.close()

async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        print([line async for line in snippet.lines_of("127.0.0.1", port)])
        print(await snippet.find_line("127.0.0.1", port, "absent"))

asyncio.run(main())`);
    assert.deepEqual(output, ["['one', 'two']", 'None']);
  });

  it('closes the connection when the loop raises or is cancelled', async () => {
    await run(`${lines}
async def client(host, port):
    with raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await snippet.find_line(host, port, "absent")
    with raises(TypeError):
        await snippet.find_line(host, port, None)
    await until_closed(2)

asyncio.run(serving(client))`);
  });
});

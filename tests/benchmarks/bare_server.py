"""The floor under every HTTP benchmark: a server that takes a request and answers with as many bytes as it asks for.

Run as a process: `python -m tests.benchmarks.bare_server` prints its port. `GET /?bytes=1000`.
"""

import asyncio
import re
import sys

ASKED = re.compile(rb"[?&]bytes=(\d+)")
SENT = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if sent := SENT.search(head):
                await reader.readexactly(int(sent[1]))
            asked = ASKED.search(head)
            body = b" " * (int(asked[1]) if asked else 0)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve() -> None:
    server = await asyncio.start_server(serve_one, "127.0.0.1", 0, limit=1 << 20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())

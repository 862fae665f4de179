"""A client that costs next to nothing, so that what is measured is the server: one socket, kept open, no parsing."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Self

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
READ_SIZE = 1 << 20


class RawClient:
    """Speaks to 127.0.0.1:`port`; used in a `with` block."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> bytes:
        """The body of the answer, which has to be a 200."""
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._socket.recv(READ_SIZE)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        length = LENGTH.search(head)
        parts, missing = [body], (int(length[1]) if length else 0) - len(body)
        while missing > 0:
            parts.append(self._socket.recv(READ_SIZE))
            missing -= len(parts[-1])
        return b"".join(parts)

    def milliseconds(self, request: bytes) -> float:
        begun = time.perf_counter()
        self.ask(request)
        return (time.perf_counter() - begun) * 1000


def request_of(method: str, target: str, *, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    named = {"Host": "127.0.0.1", "Content-Length": str(len(body))} | (headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body


def requests_per_second(port: int, request: bytes, *, count: int, clients: int) -> float:
    """`count` requests by each of `clients` at once."""

    def read_all(_: int) -> None:
        with RawClient(port) as client:
            for _ in range(count):
                client.ask(request)

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(read_all, range(clients)))
    return clients * count / (time.perf_counter() - begun)

"""One POST over HTTP, without retries."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

READ_SIZE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the receiver answered; status 0 means nothing in time."""

    status: int = 0
    has_body: bool = False
    sets_cookie: bool = False
    problem: str = ""


async def post_once(url: str, body: bytes, headers: dict[str, str], *, timeout: float) -> Heard:  # noqa: ASYNC109 - the whole call's limit, as Xero means it
    try:
        return await asyncio.wait_for(_post(url, body, headers), timeout)
    except TimeoutError:
        return Heard(problem=f"no answer within {timeout:g} seconds")
    except (OSError, h11.RemoteProtocolError) as error:
        return Heard(problem=str(error) or type(error).__name__)


async def _post(url: str, body: bytes, headers: dict[str, str]) -> Heard:
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    context = ssl.create_default_context() if is_secure else None
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=context)
    try:
        connection = h11.Connection(h11.CLIENT)
        sent = {"Host": parts.netloc, "Content-Length": str(len(body)), "Connection": "close"} | headers
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        request = h11.Request(method="POST", target=target, headers=list(sent.items()))
        writer.write((connection.send(request) or b"") + (connection.send(h11.Data(data=body)) or b""))
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return await _read(connection, reader)
    finally:
        writer.close()
        with suppress(OSError, ssl.SSLError):
            await writer.wait_closed()


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Heard:
    status, has_body, sets_cookie = 0, False, False
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(READ_SIZE))
        elif isinstance(event, h11.Response):
            status = event.status_code
            sets_cookie = any(name == b"set-cookie" for name, _ in event.headers)
        elif isinstance(event, h11.Data):
            has_body = has_body or bool(event.data)
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return Heard(status=status, has_body=has_body, sets_cookie=sets_cookie)

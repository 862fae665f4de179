"""HTTP/1.1 over asyncio and h11, with full say over the bytes: answers can be slowed, cut, lost or reset."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from http import HTTPStatus

import h11

from integrations.xero_sandbox.wire.delivery import Delivery
from integrations.xero_sandbox.wire.http_messages import Answer, Request, make_request

READ_SIZE = 1 << 18
LARGEST_BODY = 26 * 1024 * 1024
BODILESS = frozenset({204, 304})
REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
Answering = Callable[[Request], AbstractAsyncContextManager[Answer]]


class RequestTooLargeError(Exception):
    """The body is larger than any that Xero takes."""


class HttpServer:
    """Serves until it is stopped; every connection is kept alive for as long as the client wishes."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Returns the port, which the system chooses for port 0."""
        self._server = await asyncio.start_server(self._accept, host, port, backlog=256)
        chosen: int = self._server.sockets[0].getsockname()[1]
        return chosen

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._connections.add(task)
        try:
            await _Connection(reader, writer, self._answering).serve()
        except (ConnectionError, asyncio.CancelledError, TimeoutError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answering: Answering) -> None:
        self._reader = reader
        self._writer = writer
        self._answering = answering
        self._http = h11.Connection(h11.SERVER)

    async def serve(self) -> None:
        while True:
            try:
                request = await self._read_request()
            except h11.RemoteProtocolError as error:
                await self._refuse(400, str(error))
                return
            except RequestTooLargeError:
                await self._refuse(413, "Maximum request length exceeded.")
                return
            if request is None:
                return
            async with self._answering(request) as answer:
                keeps_open = await self._send(answer, request.method)
            if not keeps_open or self._http.our_state is h11.MUST_CLOSE:
                return
            self._http.start_next_cycle()

    async def _read_request(self) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                await self._read_more()
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST_BODY:
                    raise RequestTooLargeError
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _request(head, bytes(body))
            else:
                return None

    async def _read_more(self) -> None:
        if self._http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[])
            self._writer.write(self._http.send(go_on) or b"")
        self._http.receive_data(await self._reader.read(READ_SIZE))

    async def _send(self, answer: Answer, method: str) -> bool:
        """True if the connection stays open."""
        delivery = answer.delivery
        if not delivery.send_head:
            self._end(delivery)
            return False
        has_body = answer.status not in BODILESS and method != "HEAD"
        headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in answer.headers]
        if answer.status not in BODILESS:
            headers.append((b"Content-Length", b"%d" % len(answer.body)))
        response = h11.Response(status_code=answer.status, headers=headers, reason=REASONS.get(answer.status, b""))
        head = self._http.send(response) or b""
        body = answer.body if has_body else b""
        await self._write(head, body, delivery)
        if delivery.ending != "keep" or delivery.cut_after is not None:
            self._end(delivery)
            return False
        if body:
            self._http.send(h11.Data(data=body))
        self._http.send(h11.EndOfMessage())
        return True

    async def _write(self, head: bytes, body: bytes, delivery: Delivery) -> None:
        sent = body if delivery.cut_after is None else body[: delivery.cut_after]
        if not delivery.drip_bytes:
            self._writer.write(head + sent)
            await self._writer.drain()
            return
        whole = head + sent
        for start in range(0, len(whole), delivery.drip_bytes):
            self._writer.write(whole[start : start + delivery.drip_bytes])
            await self._writer.drain()
            await asyncio.sleep(delivery.drip_pause)

    async def _refuse(self, status: int, words: str) -> None:
        with suppress(h11.LocalProtocolError):
            body = words.encode()
            response = h11.Response(
                status_code=status,
                reason=REASONS[status],
                headers=[("Content-Length", str(len(body))), ("Content-Type", "text/plain"), ("Connection", "close")],
            )
            self._writer.write((self._http.send(response) or b"") + body)
            await self._writer.drain()

    def _end(self, delivery: Delivery) -> None:
        if delivery.ending == "reset":
            raw = self._writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self._writer.transport.abort()
        else:
            self._writer.close()


def _request(head: h11.Request, body: bytes) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    return make_request(method=head.method.decode(), target=head.target.decode("latin-1"), headers=headers, body=body)

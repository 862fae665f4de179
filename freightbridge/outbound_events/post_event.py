"""One POST to another system's address: to the address that was looked at, without redirects, for a limited time."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from threading import Timer

from freightbridge.outbound_events.public_address import RefusedAddressError, Target, read_target, resolve
from freightbridge.transactions import refuse_transaction

SECONDS = 10.0
# However slowly it drips.
SECONDS_IN_ALL = 15.0
OK = range(200, 300)
READ_BYTES = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`status` None: there was no answer. `error`: empty where it was taken."""

    status: int | None
    seconds: float
    error: str


class PinnedConnection(http.client.HTTPConnection):
    """Speaks to `address`, and checks the certificate against the host's name."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self._target = target
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self._target.port), timeout=SECONDS)
        if self._target.is_https:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self._target.host)
        else:
            self.sock = plain


def post_event(url: str, body: bytes, *, headers: dict[str, str]) -> Outcome:
    """Outside any transaction. Whatever goes wrong stands in the outcome, in words."""
    refuse_transaction()
    started = time.monotonic()
    try:
        target = read_target(url)
        status: int | None = _post(target, resolve(target), body, headers)
        error = "" if status in OK else f"It answered {status}."
    except RefusedAddressError as refused:
        status, error = None, str(refused)
    except TimeoutError:
        status, error = None, f"No answer within {SECONDS:.0f} s."
    except (OSError, http.client.HTTPException) as failure:
        status, error = None, f"No answer: {type(failure).__name__}."
    return Outcome(status=status, seconds=round(time.monotonic() - started, 2), error=error)


def _post(target: Target, address: str, body: bytes, headers: dict[str, str]) -> int:
    connection = PinnedConnection(target, address)
    watch = Timer(SECONDS_IN_ALL, lambda: _cut(connection))
    watch.daemon = True
    try:
        connection.connect()
        watch.start()
        connection.request("POST", target.path, body=body, headers={**headers, "Host": target.host_header})
        response = connection.getresponse()
        response.read(READ_BYTES)
        return response.status
    finally:
        watch.cancel()
        connection.close()


def _cut(connection: PinnedConnection) -> None:
    if connection.sock is not None:
        connection.sock.shutdown(socket.SHUT_RDWR)

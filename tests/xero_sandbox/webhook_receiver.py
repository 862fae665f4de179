"""A receiver of webhooks in a thread: it checks signatures as Xero asks, and can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "webhook-key"


class WebhookReceiver:
    def __init__(self) -> None:
        self.received: list[tuple[bool, dict[str, Any]]] = []
        self.verdict: Callable[[bool], int] = lambda is_valid: 200 if is_valid else 401
        self.body = b""
        self.cookie = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answering())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks"

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of rightly signed deliveries, in the order in which they came."""
        return [event for is_valid, message in list(self.received) if is_valid for event in message["events"]]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Real time passes while a delivery is under way."""
        give_up_at = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < give_up_at, f"{len(self.received)} deliveries came"
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answering(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                digest = base64.b64encode(hmac.new(KEY.encode(), body, hashlib.sha256).digest()).decode()
                is_valid = hmac.compare_digest(digest, self.headers["x-xero-signature"])
                receiver.received.append((is_valid, json.loads(body)))
                self.send_response(receiver.verdict(is_valid))
                if receiver.cookie:
                    self.send_header("Set-Cookie", receiver.cookie)
                self.send_header("Content-Length", str(len(receiver.body)))
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *_arguments: Any) -> None:
                return

        return Answering

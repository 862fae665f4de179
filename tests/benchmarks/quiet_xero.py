"""Xero for thousands of organisations in which nothing happens; what asks with a token of the sandbox is passed on.

Run as a process: `python -m tests.benchmarks.quiet_xero <origin of the sandbox>` prints its own origin.
"""

import base64
import json
import sys
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

PREFIX = "quiet"
TOKEN_SECONDS = 1800
# What one connection keeps of a request when it is passed on is everything but where it went.
OF_THE_HOP = {"host", "connection", "keep-alive", "transfer-encoding", "content-length"}


def access_token(organisation_id: UUID) -> str:
    """It names its organisation, and when it was made, so that no two are alike."""
    claims = {"xero_userid": str(organisation_id), "made_at": time.time()}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{PREFIX}.{payload}.unsigned"


def refresh_token(organisation_id: UUID) -> str:
    return f"{PREFIX}-{organisation_id}"


class QuietXero(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sandbox: ClassVar[str] = ""

    def do_GET(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_arguments: object) -> None:
        """The calls are no news."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        asked = parse_qs(body.decode()).get("refresh_token", [""])[0] if self.path == "/connect/token" else ""
        if asked.startswith(PREFIX):
            self._say(_tokens(UUID(asked.removeprefix(f"{PREFIX}-"))))
        elif bearer.startswith(PREFIX):
            self._say(_nothing_new(urlsplit(self.path).path, bearer))
        else:
            self._pass_on(body)

    def _say(self, content: object) -> None:
        self._send(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _pass_on(self, body: bytes) -> None:
        connection = HTTPConnection(self.sandbox, timeout=60)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_HOP}
        connection.request(self.command, self.path, body=body, headers={**kept, "Content-Length": str(len(body))})
        answer = connection.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name.lower() not in OF_THE_HOP}
        self._send(answer.status, answer.read(), headers)
        connection.close()


def _tokens(organisation_id: UUID) -> dict[str, Any]:
    return {
        "access_token": access_token(organisation_id),
        "refresh_token": refresh_token(organisation_id),
        "expires_in": TOKEN_SECONDS,
        "token_type": "Bearer",
        "scope": "openid",
    }


def _nothing_new(path: str, bearer: str) -> object:
    resource = path.rpartition("/")[2]
    if resource == "Organisation":
        return {"Organisations": [{"Name": "Quiet Freight", "BaseCurrency": "AUD", "CountryCode": "AU"}]}
    if resource != "Connections":
        return {resource: []}
    payload = bearer.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    known = {"id": claims["xero_userid"], "tenantId": claims["xero_userid"], "tenantName": "Quiet Freight"}
    return [{**known, "tenantType": "ORGANISATION"}]


if __name__ == "__main__":
    QuietXero.sandbox = urlsplit(sys.argv[1]).netloc
    server = ThreadingHTTPServer(("127.0.0.1", 0), QuietXero)
    server.daemon_threads = True
    sys.stdout.write(f"http://localhost:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()

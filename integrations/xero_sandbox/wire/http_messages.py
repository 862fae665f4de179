"""One request and one answer, as values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from integrations.xero_sandbox.wire.delivery import PROMPT, Delivery

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Header names are lower case, as are the names in `query`; Xero reads both in any case."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def segments(self) -> list[str]:
        """Each part of the path, percent-decoded by itself, so that %2F stays inside its part."""
        return [unquote(part) for part in self.path.split("/") if part]

    @property
    def origin(self) -> str:
        """The address by which the client reached us. Xero's own host names mean https in front of us."""
        host = self.headers.get("host", "localhost")
        secure = self.headers.get("x-forwarded-proto") == "https" or host.endswith(".xero.com")
        return f"{'https' if secure else 'http'}://{host}"

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def cookie(self, name: str) -> str:
        for part in self.headers.get("cookie", "").split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return unquote(value)
        return ""


def make_request(*, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Any target that HTTP allows: what begins with a slash is a path, whatever follows; a whole URL is a proxy's."""
    _, is_whole, rest = ("", "", "") if target.startswith("/") else target.partition("://")
    place = f"/{rest.partition('/')[2]}" if is_whole else target
    path, _, query_text = place.partition("?")
    query = {name.lower(): value for name, value in parse_qsl(query_text, keep_blank_values=True)}
    return Request(method=method, target=target, path=path, query=query, headers=headers, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery = PROMPT
    is_replay: bool = False

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def with_headers(self, *more: tuple[str, str]) -> "Answer":
        return replace(self, headers=self.headers + more)

    def delivered(self, delivery: Delivery) -> "Answer":
        return replace(self, delivery=delivery)


def json_answer(value: Any, *, status: int = 200, content_type: str = "application/json") -> Answer:
    body = json.dumps(value, default=float, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status=status, headers=(("Content-Type", content_type),), body=body)


def html_answer(html: str, *, status: int = 200) -> Answer:
    return Answer(status=status, headers=(("Content-Type", "text/html; charset=utf-8"),), body=html.encode())


def text_answer(text: str, *, status: int) -> Answer:
    return Answer(status=status, headers=(("Content-Type", "text/plain; charset=utf-8"),), body=text.encode())


def redirect(location: str, *, cookies: Mapping[str, str] | None = None) -> Answer:
    set_cookies = tuple(
        ("Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax") for name, value in (cookies or {}).items()
    )
    return Answer(status=302, headers=(("Location", location), *set_cookies))

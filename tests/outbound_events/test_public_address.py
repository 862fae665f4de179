"""Events never go into our own network, whatever an address says or comes to mean."""

import socket
from typing import Any

import pytest

from freightbridge.outbound_events.post_event import post_event
from freightbridge.outbound_events.public_address import (
    RefusedAddressError,
    is_public,
    read_target,
    resolve,
    without_path,
)

PRIVATE = [
    "0.0.0.0",  # noqa: S104 refused, not bound to
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "192.0.2.1", "198.18.0.1",
]  # fmt: skip
STRANGE = [
    "http://tms.example.com/", "ftp://x/", "file:///etc/passwd", "https://", "https:///path", "//tms.example.com/",
    "https://user:password@tms.example.com/", "https://tms.example.com:99999/", "https://tms example.com/",
    "https://tms.example.com/\r\nX: y", "javascript:alert(1)", "", "https://[::1", f"https://x/{'y' * 500}",
    "https://tms.example.com/ü",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_address_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", STRANGE)
def test_what_is_no_https_address_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddressError):
        read_target(url)


def test_plain_http_takes_an_explicit_setting(settings: Any) -> None:
    settings.EVENTS_TO_PRIVATE_ADDRESSES = True

    assert (read_target("http://localhost:9/x?y=1").path, read_target("https://h").port) == ("/x?y=1", 443)
    assert read_target("http://localhost:9/").host_header == "localhost:9"


def test_name_that_means_a_private_address_is_refused_and_nothing_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"tms.example.com": ["93.184.216.34", "10.0.0.1"]}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", (one, port)) for one in answers[host]]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *_arguments, **_options: pytest.fail("it was called"))

    with pytest.raises(RefusedAddressError, match="inside a private network"):
        resolve(read_target("https://tms.example.com/"))
    outcome = post_event("https://tms.example.com/", b"{}", headers={})
    assert (outcome.status, outcome.error) == (None, "tms.example.com is an address inside a private network.")


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name may mean another address a moment later: nobody asks again."""
    asked, called = [], []

    def lookup(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34", port))]

    def connect(address: tuple[str, int], **_options: Any) -> Any:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)

    assert post_event("https://tms.example.com/", b"{}", headers={}).error == "No answer: ConnectionRefusedError."
    assert (asked, called) == (["tms.example.com"], [("93.184.216.34", 443)])


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://tms.example.com", "https://tms.example.com/"),
        ("https://tms.example.com/", "https://tms.example.com/"),
        ("https://tms.example.com:8443/in", "https://tms.example.com:8443/…"),
        ("https://tms.example.com/?key=s3cret", "https://tms.example.com/…"),
    ],
)
def test_address_without_its_path_names_the_host_and_says_that_there_is_more(url: str, shown: str) -> None:
    assert without_path(url) == shown

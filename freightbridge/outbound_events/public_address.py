"""
Where an event may go. A person of a company types the address, and we call it from inside our own network: so it
must not be one of ours, whatever its name resolves to now or a moment later.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 500


class RefusedAddressError(Exception):
    """No event is sent there; the message is for the person who typed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    is_https: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.is_https else 80) else f"{name}:{self.port}"


def without_path(url: str) -> str:
    """For whoever need not know more: what follows the host may hold a key of the other system."""
    parts = urlsplit(url)
    has_more = parts.path.strip("/") or parts.query or parts.fragment
    return f"{parts.scheme}://{parts.netloc}/{'…' if has_more else ''}"


def read_target(url: str) -> Target:
    """Raises RefusedAddressError. Nothing is looked up yet."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedAddressError("That is no address.") from error
    is_plain_allowed = settings.EVENTS_TO_PRIVATE_ADDRESSES
    if parts.scheme != "https" and not (parts.scheme == "http" and is_plain_allowed):
        raise RefusedAddressError("The address must begin with https://.")
    if not parts.hostname or not url.isascii() or len(url) > LONGEST or any(not sign.isprintable() for sign in url):
        raise RefusedAddressError("That is no address.")
    if parts.username is not None or parts.password is not None or " " in url:
        raise RefusedAddressError("The address must hold no user name, password or blank.")
    is_https = parts.scheme == "https"
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Target(is_https=is_https, host=parts.hostname, port=port or (443 if is_https else 80), path=path)


def resolve(target: Target) -> str:
    """
    The one address that is then called, so that the name cannot come to mean another one in between.

    Raises RefusedAddressError if any of its addresses is private, OSError if there is none.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.EVENTS_TO_PRIVATE_ADDRESSES and not all(map(is_public, addresses)):
        raise RefusedAddressError(f"{target.host} is an address inside a private network.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Addresses that carry another one inside are judged by that one too."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = [] if isinstance(ip, ipaddress.IPv4Address) else [ip.ipv4_mapped, ip.sixtofour]
    carried = [one for one in inner if one is not None]
    is_translated = isinstance(ip, ipaddress.IPv6Address) and ip in NAT64
    return not is_translated and all(one.is_global and not one.is_multicast for one in [ip, *carried])


NAT64 = ipaddress.ip_network("64:ff9b::/96")

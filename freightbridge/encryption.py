"""Secrets at rest: AES-256-GCM, bound to the place they are stored in, so that a row cannot borrow another's."""

import base64
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
TAG_BYTES = 16
# Its length stands in one byte.
LONGEST_KEY_ID = 255


class KeyRingError(Exception):
    """FB_KEYRING cannot be used; the message says which part."""


class SealedValueError(Exception):
    """A sealed value does not open here: moved from another row, changed, or its key is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a secret stands; it opens nowhere else."""

    table: str
    column: str
    tenant_id: int
    row: str

    def associated_data(self, key_id: str) -> bytes:
        return "|".join([self.table, self.column, str(self.tenant_id), self.row, key_id]).encode()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id; the first one seals, all of them open."""

    keys: dict[str, bytes]

    @property
    def active(self) -> str:
        return next(iter(self.keys))

    def cipher(self, key_id: str, table: str) -> AESGCM:
        if key_id not in self.keys:
            raise SealedValueError(f"The key {key_id!r} is not in FB_KEYRING any more.")
        derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=table.encode()).derive(self.keys[key_id])
        return AESGCM(derived)


def read_key_ring(entries: Iterable[str]) -> KeyRing:
    """`kid:base64` each. Raises KeyRingError; no message holds a key."""
    keys: dict[str, bytes] = {}
    for key_id, key in map(_read_key, entries):
        if key_id in keys:
            raise KeyRingError(f"The key {key_id!r} stands twice in FB_KEYRING.")
        keys[key_id] = key
    if not keys:
        raise KeyRingError("FB_KEYRING is empty: it takes kid:base64 of 32 random bytes.")
    return KeyRing(keys)


def seal(text: str, *, place: Place) -> bytes:
    """Version, length of the key's id, the id, nonce, ciphertext."""
    ring = key_ring()
    key_id, nonce = ring.active.encode(), os.urandom(NONCE_BYTES)
    ciphertext = ring.cipher(ring.active, place.table).encrypt(nonce, text.encode(), place.associated_data(ring.active))
    return VERSION + bytes([len(key_id)]) + key_id + nonce + ciphertext


def unseal(sealed: bytes, *, place: Place) -> str:
    """Raises SealedValueError where the value was not sealed for this very place."""
    key_id, rest = _split_key_id(bytes(sealed))
    nonce, ciphertext = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    try:
        opened = key_ring().cipher(key_id, place.table).decrypt(nonce, ciphertext, place.associated_data(key_id))
    except InvalidTag as error:
        raise SealedValueError(f"A secret in {place.table}.{place.column} does not open.") from error
    return opened.decode()


def is_sealed_by_active_key(sealed: bytes) -> bool:
    return _split_key_id(bytes(sealed))[0] == key_ring().active


@cache
def key_ring() -> KeyRing:
    return read_key_ring(settings.FB_KEYRING)


def _read_key(entry: str) -> tuple[str, bytes]:
    key_id, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise KeyRingError(f"The key {key_id!r} in FB_KEYRING is not base64.") from error
    if len(key_id.encode()) > LONGEST_KEY_ID:
        raise KeyRingError(f"The name of a key in FB_KEYRING has at most {LONGEST_KEY_ID} bytes.")
    if len(key) != KEY_BYTES or not key_id:
        raise KeyRingError(f"The key {key_id!r} in FB_KEYRING has {len(key)} bytes; it takes {KEY_BYTES}.")
    return key_id, key


def _split_key_id(sealed: bytes) -> tuple[str, bytes]:
    end = 2 + sealed[1] if len(sealed) > 1 else 0
    if sealed[:1] != VERSION or len(sealed) < end + NONCE_BYTES + TAG_BYTES:
        raise SealedValueError("This is no sealed value.")
    return sealed[2:end].decode(errors="replace"), sealed[end:]

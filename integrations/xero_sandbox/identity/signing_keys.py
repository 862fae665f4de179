"""The RSA key that signs tokens, made once and kept in the store."""

from joserfc import jwt
from joserfc.jwk import RSAKey

from integrations.xero_sandbox.books.identity_records import SigningKey
from integrations.xero_sandbox.books.store import Store

KEY_ID = "sandbox-1"
KEY_BITS = 2048


class TokenSigner:
    """Signs with RS256, as Xero does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._key: RSAKey | None = None

    def signed(self, claims: dict[str, object], *, kind: str) -> str:
        return jwt.encode({"alg": "RS256", "kid": KEY_ID, "typ": kind}, claims, self._loaded())

    def public_keys(self) -> dict[str, object]:
        return {"keys": [self._loaded().as_dict(private=False)]}

    def make_key(self) -> None:
        """Once, while the books are opened."""
        key = RSAKey.generate_key(KEY_BITS, {"kid": KEY_ID, "use": "sig", "alg": "RS256"})
        private = {name: str(value) for name, value in key.as_dict(private=True).items()}
        with self._store.transaction("signing key"):
            self._store.save(SigningKey(key_id=KEY_ID, private_jwk=private))

    def _loaded(self) -> RSAKey:
        if self._key is None:
            held: SigningKey = self._store.get(SigningKey, KEY_ID)
            self._key = RSAKey.import_key(dict(held.private_jwk))
        return self._key

"""The secrets of an installation on localhost: made once, kept under .local/, never used elsewhere."""

import base64
import secrets

from freightbridge.local_servers.places import LOCAL, remembered
from freightbridge.local_servers.shared_use import alone


def local_secrets() -> dict[str, str]:
    """SECRET_KEY and FB_KEYRING."""
    with alone(LOCAL / "starting.lock"):
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        kept = remembered("secrets", {"SECRET_KEY": secrets.token_urlsafe(50), "FB_KEYRING": f"local:{key}"})
    return {name: str(value) for name, value in kept.items()}

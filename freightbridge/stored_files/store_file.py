"""Keeps bytes for a tenant, once."""

import hashlib
from datetime import datetime

from freightbridge.stored_files.models import StoredFile


def store_file(content: bytes, *, content_type: str, now: datetime) -> StoredFile:
    """The row that holds these bytes, the one that stands already where the tenant has stored them before."""
    sha256 = hashlib.sha256(content).hexdigest()
    kept, _ = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={"size": len(content), "content_type": content_type, "content": content, "stored_at": now},
    )
    return kept

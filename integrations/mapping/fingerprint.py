"""Whether two documents are the same, whatever order their fields were written in."""

import hashlib
import json
from typing import Any

from integrations.mapping.source import to_json


def fingerprint(value: Any) -> str:
    """SHA-256 of the value as JSON with sorted keys."""
    return hashlib.sha256(json.dumps(to_json(value), sort_keys=True).encode()).hexdigest()

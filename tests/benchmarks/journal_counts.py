"""What organisations got through in some minutes, by the sandbox's journal."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import requests

ACCOUNTING = "/api.xro/2.0/"
CREATES = f"{ACCOUNTING}Invoices"
TOO_MANY = 429
COUNTED = ("attached", "taken", "refused")
Json = dict[str, Any]


def journal(url: str) -> list[Json]:
    query: dict[str, str | int] = {"limit": 100_000, "path": ACCOUNTING}
    entries: list[Json] = requests.get(f"{url}/_sandbox/journal", params=query, timeout=60).json()["entries"]
    return entries


def first_draft_at(url: str) -> datetime | None:
    """None: there is none yet."""
    drafts = [call for call in journal(url) if call["method"] == "PUT" and call["path"].startswith(CREATES)]
    return datetime.fromisoformat(drafts[0]["at"]) if drafts else None


def counts_by_organisation(url: str, *, began: datetime, minutes: int) -> dict[str, Json]:
    """Of each: `attached` PDFs, calls `taken`, calls `refused` by a limit."""
    ends, counts = began + timedelta(minutes=minutes), defaultdict[str, Json](lambda: dict.fromkeys(COUNTED, 0))
    for call in journal(url):
        if began <= datetime.fromisoformat(call["at"]) < ends:
            of_its_own = counts[call["organisation_id"]]
            of_its_own["refused" if call["status"] == TOO_MANY else "taken"] += 1
            of_its_own["attached"] += call["status"] == requests.codes.ok and "/Attachments/" in call["path"]
    return dict(counts)

"""Writes down what people are told under the bell, in the transaction of what happened."""

from collections.abc import Iterable
from datetime import datetime

from freightbridge.access.models import Membership
from freightbridge.notices.models import Notice, Tone
from freightbridge.transactions import require_transaction

LONGEST = 300


def leave_notice(
    members: Iterable[Membership],
    text: str,
    *,
    key: str,
    now: datetime,
    address: str = "",
    tone: Tone = Tone.DONE,
    read_at: datetime | None = None,
) -> None:
    """
    `key` names the occasion: each person is told of it once. `address`: a page of ours, from its root. `read_at`: it
    was seen already.
    """
    require_transaction()
    Notice.objects.bulk_create(
        (
            Notice(
                membership=member, key=key, text=_shortened(text), tone=tone, address=address, at=now, read_at=read_at
            )
            for member in members
        ),
        ignore_conflicts=True,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

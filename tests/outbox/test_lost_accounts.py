"""Accounts that Xero took off a draft are named, with the charge codes that go to them and no others."""

from typing import Any

import pytest

from integrations.models import SyncJob
from integrations.outbox.steps.lost_accounts import lost_accounts

KEPT, LOST = {"AccountCode": "200"}, {"Description": "Fuel"}


def lost(*shown: dict[str, Any]) -> list[tuple[str, str]]:
    ours = [("FRT", "200"), ("FSC", "206"), ("THC", "206")]
    job = SyncJob(
        tenant_id=1,
        kind="sales invoice",
        source={"lines": [{"charge_code": code} for code, _ in ours]},
        mapped={"lines": [{"account_code": account} for _, account in ours]},
    )
    problems = lost_accounts(job, {"LineItems": list(shown)} if shown else {})
    return [(one.named_words["charge_code"], one.named_words["account"]) for one in problems]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ((KEPT, KEPT, KEPT), []),
        ((KEPT, LOST, KEPT), [("FSC", "206")]),
        ((KEPT, LOST, LOST), [("FSC", "206"), ("THC", "206")]),
        ((KEPT, {"AccountID": "0a"}, KEPT), []),
        ((KEPT, LOST), []),
        ((), []),
    ],
)
def test_only_lines_without_an_account_are_told(shown: tuple[dict[str, Any], ...], expected: list[Any]) -> None:
    assert lost(*shown) == expected

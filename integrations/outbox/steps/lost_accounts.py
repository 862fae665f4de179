"""
Accounts that Xero took off the lines of a draft, without refusing it.

A draft keeps its line and loses the account where that is archived or unknown; the warning is all that tells
(developer.xero.com/documentation/api/accounting/invoices, unconfirmed). Approving it would fail, and no longer say why.
"""

from typing import Any

from integrations.mapping.problems import Problem, problem
from integrations.mapping.source import DocumentKind
from integrations.models import SyncJob


def lost_accounts(job: SyncJob, element: dict[str, Any]) -> tuple[Problem, ...]:
    """One for each charge code; none where the answer does not show all lines. `element`: the document in Xero."""
    shown, ours = element.get("LineItems") or [], (job.mapped or {}).get("lines", [])
    if len(shown) != len(ours):
        return ()
    lost = [
        position
        for position, (there, line) in enumerate(zip(shown, ours, strict=True))
        if line["account_code"] and not there.get("AccountCode") and not there.get("AccountID")
    ]
    # Hardly ever any: only then is what was sent read for its charge codes.
    accounts = {job.source["lines"][position]["charge_code"]: ours[position]["account_code"] for position in lost}
    side = "purchases" if DocumentKind(job.kind).is_purchase else "sales"
    return tuple(
        problem("FB-302", charge_code, charge_code=charge_code, account=account, side=side)
        for charge_code, account in accounts.items()
    )

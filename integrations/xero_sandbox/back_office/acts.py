"""Every act by its name: the one door for the back office's buttons and for tests."""

from collections.abc import Callable
from typing import Any

from integrations.xero_sandbox.back_office import document_acts, order_acts, settings_acts
from integrations.xero_sandbox.back_office.act_context import ActContext
from integrations.xero_sandbox.back_office.finding_records import ActRefusedError, organisation_called
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.rules.findings import UnknownRecordError
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.virtual_clock import SandboxClock
from integrations.xero_sandbox.wire.sent_fields import PostDataInvalidError

Json = dict[str, Any]

ACTS: dict[str, Callable[[ActContext], Json]] = {
    "approve": document_acts.approve,
    "void": document_acts.void,
    "delete": document_acts.delete,
    "edit": document_acts.edit,
    "edit_line": document_acts.edit_line,
    "nudge_total": document_acts.nudge_total,
    "pay": document_acts.pay,
    "refund": document_acts.pay,
    "unpay": document_acts.unpay,
    "allocate": document_acts.allocate,
    "duplicate": document_acts.duplicate,
    "create_document": document_acts.create_document,
    "save_order": order_acts.save_order,
    "move_quote": document_acts.move_quote,
    "delete_attachment": document_acts.delete_attachment,
    "rename_contact": document_acts.rename_contact,
    "merge_contact": document_acts.merge_contact,
    "archive_contact": lambda act: document_acts.set_contact_status(act, "ARCHIVED"),
    "unarchive_contact": lambda act: document_acts.set_contact_status(act, "ACTIVE"),
    "archive_account": lambda act: settings_acts.set_account_status(act, "ARCHIVED"),
    "unarchive_account": lambda act: settings_acts.set_account_status(act, "ACTIVE"),
    "set_tax_rate_status": settings_acts.set_tax_rate_status,
    "set_lock_date": settings_acts.set_lock_date,
    "set_approval_limits": settings_acts.set_approval_limits,
    "set_rounding_opt_in": settings_acts.set_rounding_opt_in,
    "set_demo_company": settings_acts.set_demo_company,
    "add_currency": settings_acts.add_currency,
    "drop_currency": settings_acts.drop_currency,
    "disconnect": settings_acts.disconnect,
    "expire_access_tokens": settings_acts.expire_access_tokens,
    "revoke_grant": settings_acts.revoke_grant,
}


def perform(wish: Json, *, store: Store, switches: Switches, clock: SandboxClock) -> Json:
    """`{"act": …, "organisation": …, …}`. Raises ActRefusedError; a refused act changes nothing."""
    name = str(wish.get("act", ""))
    act = ACTS.get(name)
    if act is None:
        raise ActRefusedError(f"There is no act {name!r}; there are {', '.join(sorted(ACTS))}.")
    organisation = organisation_called(store, str(wish.get("organisation", "")))
    context = ActContext(
        books=CompanyBooks(store, organisation.organisation_id), wish=wish, switches=switches, now=clock.now()
    )
    try:
        with store.transaction(f"person: {name}"):
            return act(context)
    except PostDataInvalidError as error:
        raise ActRefusedError(str(error)) from error
    except UnknownRecordError as error:
        raise ActRefusedError(f"There is no contact {error}.") from error

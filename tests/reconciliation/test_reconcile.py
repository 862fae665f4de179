"""Everything sent against everything in Xero: what is wrong there is seen, told, and mended where it is ours."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.mapping.source import DocumentKind
from integrations.models import LedgerBreak, LedgerComparison, SyncJob, XeroConnection, XeroDocument
from integrations.reconciliation import reconcile
from integrations.reconciliation.ledger_counts import ledger_counts
from integrations.reconciliation.mend_break import send_figures_again, settle_by_hand, take_away
from integrations.reconciliation.reconcile import compare_ledgers
from tests.outbox.test_change_steps import create
from tests.sending import Calls, company, deliver, documents, go_on, jobs, log_of, send_all, shipments
from tests.xero_company import PERSON, connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


@pytest.fixture
def sent(tenant: Tenant, xero: SandboxProcess) -> Tenant:
    """Two invoices over 110.00 in Xero, sent long enough ago."""
    company(tenant, xero)
    shipments(tenant, "100.00", "100.00")
    send_all(tenant)
    grow_old(tenant)
    return tenant


def grow_old(tenant: Tenant) -> None:
    """As if everything had ended ten minutes ago."""
    with tenant_scope(tenant):
        SyncJob.objects.exclude(finished_at=None).update(finished_at=read_clock() - timedelta(minutes=10))


def compare(tenant: Tenant, *, week: bool = True) -> Again | None:
    """To its end, as the workers do it."""
    with tenant_scope(tenant):
        connection_id = XeroConnection.objects.get().pk
        if week:
            LedgerComparison.objects.update(week_compared_at=None)
    cursor = 0
    while True:
        again = compare_ledgers(Work(tenant_id=tenant.pk, subject_id=connection_id, cursor=cursor))
        if again is None or again.cursor == 0:
            return again
        cursor = again.cursor


def second(tenant: Tenant, xero: SandboxProcess, **fields: Any) -> str:
    """Another document with the mark of the first, as a call that came too late leaves it. Its id."""
    url = f"https://fb.example/d/{documents(tenant, 'identity')[0]}"
    made = xero.connect("AU").invoice(Url=url, InvoiceNumber="LATE-1", Status="DRAFT", **fields)
    return str(made["InvoiceID"])


def breaks(tenant: Tenant, *fields: str, **of: Any) -> list[Any]:
    with tenant_scope(tenant):
        found = LedgerBreak.objects.filter(**{"closed_at": None, **of}).order_by("id")
        return list(found.values_list(*(fields or ("kind",)), flat=len(fields) < 2))


def status_in_xero(xero: SandboxProcess, xero_id: str) -> str:
    return str(xero.connect("AU").get(f"Invoices/{xero_id}").json["Invoices"][0]["Status"])


def test_equal_books_cost_one_call_and_agree(sent: Tenant, xero: SandboxProcess) -> None:
    calls = Calls(xero)

    again = compare(sent)

    assert calls.made() == ["GET Invoices"]
    assert again is not None
    assert again.at - read_clock() > timedelta(minutes=29)
    assert breaks(sent) == []
    with tenant_scope(sent):
        (count,) = ledger_counts(XeroConnection.objects.get().pk)
    assert (count.sent_count, count.found_count, count.unseen_count, count.agrees) == (2, 2, 0, True)
    assert count.found_total == Decimal("220.00")


def test_books_without_documents_cost_no_call(tenant: Tenant, xero: SandboxProcess) -> None:
    company(tenant, xero)
    calls = Calls(xero)

    compare(tenant)

    assert calls.made() == []


def test_stray_draft_is_taken_away(sent: Tenant, xero: SandboxProcess) -> None:
    stray = second(sent, xero)

    compare(sent)
    found = breaks(sent, "kind", "number")
    deliver()
    grow_old(sent)
    compare(sent)

    assert found == [("stray draft", "LATE-1")]
    assert status_in_xero(xero, stray) == "DELETED"
    assert breaks(sent) == []
    assert documents(sent, "state") == ["in xero", "in xero"]
    assert jobs(sent, "operation", "state")[-1] == ("discard", "done")
    assert ("discarded", "The second one in Xero is taken away.") in log_of(sent)


def test_stray_is_asked_away_once_however_often_it_is_seen(sent: Tenant, xero: SandboxProcess) -> None:
    second(sent, xero)

    compare(sent)
    compare(sent)

    assert jobs(sent, "operation").count("discard") == 1
    assert breaks(sent) == ["stray draft"]


def test_stray_that_somebody_approved_meanwhile_stays_and_is_told(sent: Tenant, xero: SandboxProcess) -> None:
    stray = second(sent, xero, AmountPaid=0)
    compare(sent)
    xero.act("approve", document=stray)

    deliver()
    grow_old(sent)
    compare(sent)

    assert status_in_xero(xero, stray) == "AUTHORISED"
    assert breaks(sent, "kind", "xero_status") == [("duplicate", "AUTHORISED")]
    assert jobs(sent, "state", "problem_code")[-1] == ("rejected", "FB-510")
    assert documents(sent, "state") == ["in xero", "in xero"]


def test_duplicate_is_taken_away_when_a_person_asks(sent: Tenant, xero: SandboxProcess) -> None:
    duplicate = second(sent, xero)
    xero.act("approve", document=duplicate)
    compare(sent)
    with tenant_scope(sent):
        take_away(LedgerBreak.objects.get(), by=PERSON, now=read_clock())

    go_on(sent)
    grow_old(sent)
    compare(sent)

    assert status_in_xero(xero, duplicate) == "VOIDED"
    assert breaks(sent) == []


def test_paid_duplicate_stays_whoever_asks(sent: Tenant, xero: SandboxProcess) -> None:
    duplicate = second(sent, xero)
    xero.act("approve", document=duplicate)
    xero.act("pay", document=duplicate, amount="5.00", date="2026-11-20")
    compare(sent)
    with tenant_scope(sent):
        take_away(LedgerBreak.objects.get(), by=PERSON, now=read_clock())

    go_on(sent)

    assert status_in_xero(xero, duplicate) == "AUTHORISED"
    assert jobs(sent, "state", "problem_code")[-1] == ("rejected", "FB-510")


def test_changed_total_is_told_once_and_sent_again_on_wish(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("edit_line", document="INV-00001", line=0, amount="90.00")
    compare(sent)
    compare(sent)
    told = [text for event, text in log_of(sent) if event == "books differ"]
    with tenant_scope(sent):
        (count,) = ledger_counts(XeroConnection.objects.get().pk)
        send_figures_again(LedgerBreak.objects.get(), by=PERSON, now=read_clock())
    go_on(sent)
    grow_old(sent)
    compare(sent)

    assert told == [
        (
            "Sales invoice INV-00001 is not the same in Xero: "
            "total 110.00 here, 99.00 in Xero; tax 10.00 here, 9.00 in Xero."
        )
    ]
    assert (count.difference, count.agrees) == (Decimal("-11.00"), False)
    assert breaks(sent) == []
    assert xero.connect("AU").get("Invoices", InvoiceNumbers="INV-00001").json["Invoices"][0]["Total"] == 110.0


def test_break_settled_by_hand_stays_so_while_it_is_the_same(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("edit_line", document="INV-00001", line=0, amount="90.00")
    compare(sent)
    with tenant_scope(sent):
        settle_by_hand(LedgerBreak.objects.get(), reason="agreed by phone", by=PERSON, now=read_clock())
    compare(sent)
    same = breaks(sent)
    xero.act("edit_line", document="INV-00001", line=0, amount="80.00")
    compare(sent)

    assert same == []
    assert breaks(sent) == ["figures"]


def test_document_gone_from_xero_is_told_by_night(sent: Tenant, xero: SandboxProcess) -> None:
    """Xero deletes nothing for good; the id here points to none, as after a restore of theirs."""
    with tenant_scope(sent):
        lost = XeroDocument.objects.order_by("id").last()
        assert lost is not None
        copy = {name: getattr(lost, name) for name in ("connection", "kind", "currency", "total", "sent_at")}
        XeroDocument.objects.create(
            **copy, identity="A" * 26, number="INV-00009", state="in xero",
            xero_id="00000000-0000-4000-8000-000000000009",
        )  # fmt: skip

        XeroDocument.objects.update(sent_at=read_clock() - timedelta(minutes=10))
    compare(sent, week=False)
    by_day = breaks(sent)
    compare(sent)

    assert by_day == []
    assert breaks(sent, "kind", "number") == [("missing", "INV-00009")]
    with tenant_scope(sent):
        (count,) = ledger_counts(XeroConnection.objects.get().pk)
    assert (count.sent_count, count.found_count) == (3, 2)


def test_document_that_nobody_here_knows_is_an_orphan(sent: Tenant, xero: SandboxProcess) -> None:
    xero.connect("AU").invoice(Url=f"https://fb.example/d/{'B' * 26}", InvoiceNumber="OLD-1")
    xero.connect("AU").invoice(Url="https://elsewhere.example/77", InvoiceNumber="OTHER-1")

    compare(sent)

    assert breaks(sent, "kind", "number", "document") == [("orphan", "OLD-1", None)]


def test_payment_that_polling_missed_is_written_down(sent: Tenant, xero: SandboxProcess) -> None:
    xero.act("pay", document="INV-00001", amount="40.00", date="2026-11-20")

    compare(sent)

    assert documents(sent, "money_state", "amount_paid")[0] == ("part-paid", Decimal("40.00"))


def test_document_thought_rejected_is_adopted_when_it_stands_in_the_ledger(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    """As after a restore: the backup knows of the refusal, and not of the mend and the approval after it."""
    company(tenant, xero)
    shipments(tenant, "100.00")
    theirs = xero.connect("AU").invoice(InvoiceNumber="INV-00001")["InvoiceID"]
    send_all(tenant)
    refused = jobs(tenant, "state")
    grow_old(tenant)
    xero.act("edit", document=theirs, fields={"InvoiceNumber": "HAND-1"})
    (identity,) = documents(tenant, "identity")
    line = {"Description": "Freight", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200", "TaxType": "OUTPUT"}
    later = {"Url": f"https://fb.example/d/{identity}", "InvoiceNumber": "INV-00001", "Status": "AUTHORISED"}
    made = xero.connect("AU").invoice(**later, LineItems=[line])

    compare(tenant)
    seen = jobs(tenant, "state")
    go_on(tenant)

    assert (refused, seen, jobs(tenant, "state")) == (["rejected"], ["unknown"], ["done"])
    assert [str(one) for one in documents(tenant, "xero_id")] == [made["InvoiceID"]]


def test_long_comparison_lets_others_in_between_and_goes_on_where_it_stopped(
    sent: Tenant, xero: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.connection.read_from_xero.PAGE_SIZE", 1)
    monkeypatch.setattr(reconcile, "PAGES_IN_A_TURN", 1)
    calls = Calls(xero)

    compare(sent)

    assert calls.made() == ["GET Invoices"] * 3
    with tenant_scope(sent):
        assert XeroDocument.objects.exclude(compared_at=None).count() == 2


def test_quotes_and_credit_notes_are_compared_by_the_end_of_their_reference(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    connect(tenant, xero)
    create(tenant, DocumentKind.QUOTE, "Q-1")
    create(tenant, DocumentKind.SALES_CREDIT_NOTE, "C-1")
    grow_old(tenant)
    xero_company = xero.connect("AU")
    quote = xero_company.get("Quotes").json["Quotes"][0]
    copy = {name: quote[name] for name in ("Contact", "Date", "Reference", "LineItems", "CurrencyCode")}
    copy["Contact"] = {"ContactID": quote["Contact"]["ContactID"]}
    copy["Date"] = "2026-11-20"
    copy["LineItems"] = [{"Description": "x", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200"}]
    made = xero_company.put("Quotes", {"Quotes": [{**copy, "QuoteNumber": "Q-2"}]})
    assert made.status == 200, made.text

    compare(tenant)
    found = breaks(tenant, "kind", "number")
    deliver()
    go_on(tenant)

    assert found == [("stray draft", "Q-2")]
    statuses = {one["QuoteNumber"]: one["Status"] for one in xero_company.get("Quotes").json["Quotes"]}
    assert statuses["Q-1"] != "DELETED"
    assert statuses.get("Q-2", "DELETED") == "DELETED"

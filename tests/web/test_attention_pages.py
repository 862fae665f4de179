"""Needs attention: causes counted, mended where they are shown, and what they held up going on."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.access.models import Membership
from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import (
    BatchMember,
    ChargeRule,
    ContactLink,
    ReferenceRecord,
    RulesVersion,
    SendBatch,
    SyncJob,
    TaxRule,
)
from invoices.models import Shipment
from invoices.workflows.assess_shipments import assess_shipments
from invoices.workflows.prepare_batch import prepare_chunk
from tests.conftest import NOW, make_member
from tests.freight_factories import ChargeCodeFactory, ChargeFactory, CustomerFactory
from tests.web.contact_records import contact
from tests.web.page_company import UNMAPPED, Visitor, assessed, company, sent

LIST_QUERIES, CAUSE_QUERIES = 16, 30


def no_account(tenant: Tenant, *, stopped: int = 0, unsent: int = 0) -> None:
    """Freight has no account: documents that were stopped by it, and shipments that are not ready for it."""
    company(tenant)
    if stopped:
        sent(tenant, assessed(tenant, stopped), state="attention", problems=[UNMAPPED], problem_code="FB-301")
    with tenant_scope(tenant):
        ChargeRule.objects.all().delete()
    assessed(tenant, unsent)


def rows(page: str) -> list[list[str]]:
    """The cells of each cause, as read."""
    body = re.search(r"<tbody[^>]*>(.*?)</tbody>", page, re.DOTALL)
    found = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [
        [" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in re.findall("<td.*?</td>", one, re.DOTALL)]
        for one in found
    ]


def only_cause(visitor: Visitor) -> str:
    (found,) = set(re.findall(r"attention/([0-9a-f-]{36})/", visitor.text("attention")))
    return found


def save(visitor: Visitor, cause: str, **data: str) -> str:
    """Where it leads to."""
    response = visitor.post("attention_save", cause, form_token=data.pop("form_token", str(uuid.uuid4())), **data)
    assert response.status_code == 302
    return response["Location"]


def selected(page: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)" selected', page)


@pytest.mark.parametrize("count", [1, 3])
def test_one_row_counts_what_was_stopped_and_what_is_not_ready_by_its_cause(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    no_account(tenant, stopped=count, unsent=2)

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("attention")

    ((title, held, amount, *_),) = rows(page)
    assert title == "Charge code FRT has no ledger account for sales. Yours to mend · FB-301"
    assert held == f"{count + 2} shipments {count} stopped, 2 not sent yet"
    assert amount == f"AUD {(count + 2) * 1250:,}.00"
    assert len(queries) == LIST_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_menu_counts_causes_that_are_not_put_off(tenant: Tenant, operator: Visitor) -> None:
    no_account(tenant, unsent=1)
    assessed(tenant, incoterm="")

    assert ">2<" in operator.text("attention_count")
    operator.post("attention_snooze", re.findall(r"attention/([0-9a-f-]{36})/", operator.text("attention"))[0],
                  until="2999-01-01")  # fmt: skip
    assert ">1<" in operator.text("attention_count")


def test_nothing_to_mend_is_all_clear(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)

    assert "All clear" in operator.text("attention")
    assert operator.text("attention_count").strip() == ""


@pytest.mark.parametrize("count", [1, 3])
def test_cause_offers_the_account_that_is_called_like_the_charge_code(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    no_account(tenant, unsent=count)
    with tenant_scope(tenant):
        freight = {"class": "REVENUE", "type": "SALES", "system": ""}
        ReferenceRecord.objects.create(
            connection_id=ReferenceRecord.objects.all()[0].connection_id, kind="account", key="210", code="210",
            name="Freight income", data=freight, is_active=True,
        )  # fmt: skip
    cause = only_cause(operator)

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("attention_cause", cause)

    assert selected(page) == ["210"]
    assert f"Save and send {'this one' if count == 1 else 'these 3'}" in page
    assert len(rows(page)) == count
    # The heading says it once for all, and the code leads to its help.
    assert page.partition('id="list"')[2].count("FRT has no ledger account") == 0
    assert 'href="/help/errors/FB-301/"' in page
    assert len(queries) == CAUSE_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_account_that_xero_refused_is_marked_and_not_proposed_again(tenant: Tenant, operator: Visitor) -> None:
    connected = company(tenant)
    gone = {"code": "FB-302", "subject": "FRT", "words": {"charge_code": "FRT", "account": "200", "side": "sales"}}
    sent(tenant, assessed(tenant), state="attention", problems=[gone], problem_code="FB-302")
    with tenant_scope(tenant):
        freight = {"class": "REVENUE", "type": "SALES", "system": ""}
        ReferenceRecord.objects.filter(kind="account", code="200").update(name="Freight")
        ReferenceRecord.objects.create(
            connection=connected, kind="account", key="210", code="210", name="Freight income", data=freight,
            is_active=True,
        )  # fmt: skip

    page = operator.text("attention_cause", only_cause(operator))

    assert selected(page) == ["210"]
    assert ">200 Freight (was refused)</option>" in page


def test_save_and_send_sends_the_stopped_again_and_hands_over_what_was_not_sent(
    tenant: Tenant, operator: Visitor
) -> None:
    no_account(tenant, stopped=3, unsent=2)
    cause = only_cause(operator)

    address = save(operator, cause, chosen="200", send="1")

    with tenant_scope(tenant):
        batch = SendBatch.objects.order_by("id").last()
        prepare_chunk(batch, tenant=tenant, now=NOW)
        assert address.endswith(f"/sends/{batch.number}/")
        assert ChargeRule.objects.get().account_code == "200"
        assert list(SyncJob.objects.order_by("id").values_list("state", flat=True)) == ["queued"] * 5
        assert list(batch.members.values_list("outcome", flat=True)) == ["handed over"] * 2
        assessment = list(Shipment.objects.values_list("pk", flat=True))
        assess_shipments(assessment, tenant=tenant, now=NOW)
    assert "All clear" in operator.text("attention")
    again = operator.get("attention_cause", cause)
    assert again["Location"] == "/o/acme-freight/attention/"
    assert "Nothing waits for this any more: Charge code FRT has no ledger" in operator.text("attention")


def test_save_alone_sends_nothing_that_was_not_on_its_way(tenant: Tenant, operator: Visitor) -> None:
    no_account(tenant, stopped=1, unsent=1)

    save(operator, only_cause(operator), chosen="200", save="1")

    with tenant_scope(tenant):
        newest = RulesVersion.objects.get(reason="mapping changed")
        assert list(SyncJob.objects.values_list("state", "rules_version")) == [("queued", newest.number)]
        assert SendBatch.objects.count() == 1


def test_shipment_that_lacks_something_else_too_is_skipped_with_its_reason(tenant: Tenant, operator: Visitor) -> None:
    no_account(tenant, unsent=1)
    (other,) = assessed(tenant)
    with tenant_scope(tenant):
        ChargeFactory(shipment=other, charge_code=ChargeCodeFactory(code="DOC"))
        assess_shipments([other.pk], tenant=tenant, now=NOW)
    causes = dict(re.findall(r'attention/([0-9a-f-]{36})/">Charge code (\w+)', operator.text("attention")))

    save(operator, next(cause for cause, code in causes.items() if code == "FRT"), chosen="200", send="1")

    with tenant_scope(tenant):
        batch = SendBatch.objects.get()
        prepare_chunk(batch, tenant=tenant, now=NOW)
        reasons = batch.members.order_by("id").values_list("reason", flat=True)
        assert list(reasons) == ["", "Charge code DOC has no ledger account for sales."]


def test_second_click_finds_the_batch_of_the_first(tenant: Tenant, operator: Visitor) -> None:
    no_account(tenant, unsent=1)
    cause, token = only_cause(operator), str(uuid.uuid4())

    first = save(operator, cause, chosen="200", send="1", form_token=token)
    second = save(operator, cause, chosen="200", send="1", form_token=token)

    assert first == second
    with tenant_scope(tenant):
        assert BatchMember.objects.count() == 1


@pytest.mark.parametrize("chosen", ["", "nonsense", "300"])
def test_choice_that_xero_would_refuse_changes_nothing(tenant: Tenant, operator: Visitor, chosen: str) -> None:
    no_account(tenant, unsent=1)
    cause = only_cause(operator)

    save(operator, cause, chosen=chosen, send="1")

    with tenant_scope(tenant):
        assert (ChargeRule.objects.exclude(account_code="").count(), SendBatch.objects.count()) == (0, 0)
    assert "Not saved." in operator.text("attention_cause", cause)


def test_tax_code_is_mended_with_the_rate_that_is_the_same(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    with tenant_scope(tenant):
        TaxRule.objects.all().delete()
    assessed(tenant)
    cause = only_cause(operator)

    assert selected(operator.text("attention_cause", cause)) == ["OUTPUT"]
    save(operator, cause, chosen="OUTPUT", send="1")

    with tenant_scope(tenant):
        assert TaxRule.objects.get().tax_type == "OUTPUT"


def test_customer_is_matched_with_the_contact_of_almost_the_same_name(tenant: Tenant, operator: Visitor) -> None:
    found = company(tenant, unknown_customer="hold")
    with tenant_scope(tenant):
        contact(found, name="Blue Harbour Trading Ltd")
        contact(found, name="Blue Whale")
        customer = CustomerFactory(code="BLU", name="Blue Harbour Trading")
    assessed(tenant, 2, bill_to=customer)
    cause = only_cause(operator)

    page = operator.text("attention_cause", cause)
    assert 'value="Blue Harbour Trading Ltd"' in page
    save(operator, cause, chosen="Blue Harbour Trading Ltd", send="1")

    with tenant_scope(tenant):
        assert ContactLink.objects.get().contact_name == "Blue Harbour Trading Ltd"
        assert BatchMember.objects.count() == 2


def test_missing_exchange_rate_is_entered_once_for_all(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, currency="NZD", exchange_rate="1.09")
    stuck = assessed(tenant, 2, currency="NZD")
    cause = only_cause(operator)

    assert 'value="1.09"' in operator.text("attention_cause", cause)
    save(operator, cause, chosen="1.0925", send="1")

    with tenant_scope(tenant):
        batch = SendBatch.objects.get()
        prepare_chunk(batch, tenant=tenant, now=NOW)
        kept = Shipment.objects.filter(pk__in=[one.pk for one in stuck])
        events = AuditEvent.objects.filter(action="shipment changed")
        assert {f"{one.exchange_rate.normalize():f}" for one in kept} == {"1.0925"}
        assert {str(event.details["Exchange rate"]) for event in events} == {"{'after': '1.0925', 'before': ''}"}
        assert SyncJob.objects.count() == 2


@pytest.mark.parametrize("rate", ["0", "-1", "many", "NaN", "1e40"])
def test_exchange_rate_that_is_none_is_refused_in_words(tenant: Tenant, operator: Visitor, rate: str) -> None:
    company(tenant)
    assessed(tenant, currency="NZD")
    cause = only_cause(operator)

    save(operator, cause, chosen=rate, send="1")

    assert "Not saved." in operator.text("attention_cause", cause)
    with tenant_scope(tenant):
        assert Shipment.objects.get().exchange_rate is None


def test_cause_that_is_mended_elsewhere_is_tried_again_as_a_whole(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    problem = {"code": "FB-504", "subject": "", "words": {"differences": "total", "standing": "is a draft there"}}
    sent(tenant, assessed(tenant, 2), state="attention", problems=[problem], problem_code="FB-504")
    cause = only_cause(operator)

    assert "Xero&#x27;s figures differ." in operator.text("attention")
    save(operator, cause, send="1")

    with tenant_scope(tenant):
        assert set(SyncJob.objects.values_list("state", flat=True)) == {"queued"}


def test_causes_are_told_apart_by_what_lacks_and_by_its_side(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    for code, side in (("FRT", "sales"), ("FRT", "purchases"), ("DOC", "sales")):
        problem = {"code": "FB-301", "subject": code, "words": {"charge_code": code, "side": side}}
        sent(tenant, assessed(tenant), state="attention", problems=[problem], problem_code="FB-301")
    for number in ("INV-1", "INV-2"):
        locked = {"code": "FB-403", "subject": number, "words": {"date": "2026-01-01", "lock_date": "2026-01-31"}}
        sent(tenant, assessed(tenant), state="attention", problems=[locked], problem_code="FB-403")

    titles = sorted(row[0].split(" Yours")[0].split(" An admin")[0] for row in rows(operator.text("attention")))

    assert titles == [
        "Charge code DOC has no ledger account for sales.",
        "Charge code FRT has no ledger account for purchases.",
        "Charge code FRT has no ledger account for sales.",
        "Date is locked.",
    ]


def test_cause_is_given_to_a_member_and_stands_under_mine(tenant: Tenant, operator: Visitor) -> None:
    no_account(tenant, unsent=1)
    cause = only_cause(operator)
    with tenant_scope(tenant):
        mine = Membership.objects.get()

    operator.post("attention_assign", cause, member=str(mine.public_id))

    assert "Operator Acme Freight" in rows(operator.text("attention", show="mine"))[0][4]
    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="cause assigned")
    assert event.details == {"assigned": {"before": "", "after": "operator@acme-freight.example"}}


def test_cause_cannot_be_given_to_somebody_of_another_company(
    tenant: Tenant, other_tenant: Tenant, operator: Visitor
) -> None:
    no_account(tenant, unsent=1)
    make_member(other_tenant, "operator")
    with tenant_scope(other_tenant):
        theirs = Membership.objects.get()

    assert operator.post("attention_assign", only_cause(operator), member=str(theirs.public_id)).status_code == 404


def test_cause_that_is_put_off_leaves_the_list_until_its_day(tenant: Tenant, operator: Visitor) -> None:
    no_account(tenant, unsent=1)
    cause = only_cause(operator)

    operator.post("attention_snooze", cause, until="2999-01-01")
    assert "Nothing needs you today." in operator.text("attention")
    assert "Put off until 1 Jan 2999" in operator.text("attention", show="snoozed")

    operator.post("attention_snooze", cause, until="")
    assert len(rows(operator.text("attention"))) == 1


@pytest.mark.parametrize("until", ["2020-01-01", "tomorrow"])
def test_cause_is_not_put_off_until_a_day_that_is_over(tenant: Tenant, operator: Visitor, until: str) -> None:
    no_account(tenant, unsent=1)
    cause = only_cause(operator)

    operator.post("attention_snooze", cause, until=until)

    assert "Choose a day after today." in operator.text("attention_cause", cause)


def test_what_a_cause_holds_up_is_taken_out_with_a_reason(tenant: Tenant, operator: Visitor) -> None:
    no_account(tenant, stopped=1, unsent=1)

    operator.post("attention_leave", only_cause(operator), reason="Billed by head office")

    with tenant_scope(tenant):
        assert set(Shipment.objects.values_list("do_not_send_reason", flat=True)) == {"Billed by head office"}
        assert SyncJob.objects.get().state == "cancelled"


def test_viewer_sees_causes_and_is_told_why_he_cannot_mend_them(tenant: Tenant, viewer: Visitor) -> None:
    no_account(tenant, unsent=1)
    cause = only_cause(viewer)

    assert "to send to accounting takes Admin or Operator" in viewer.text("attention_cause", cause)
    assert viewer.post("attention_save", cause, form_token=str(uuid.uuid4())).status_code == 403

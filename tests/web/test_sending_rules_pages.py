import re

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.models import WorkItem
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import ConnectionSettings, SyncJob
from tests.web.page_company import Visitor, assessed, company, sent

RULES = {
    "document": "invoice", "sides": "sales",
    "target_status": "AUTHORISED", "customer_key": "bill to", "unknown_customer": "create",
    "send_customer_reference": "on", "reference_template": "{customer_ref}", "attach_pdf": "on",
    "show_pdf_online": "on", "items": "none", "check_payments_minutes": "15",
}  # fmt: skip


def rules(tenant: Tenant) -> ConnectionSettings:
    with tenant_scope(tenant):
        return ConnectionSettings.objects.get()


def example(page: str) -> str:
    return re.search(r"<strong>(.*?)</strong>", page)[1]


def test_rules_are_saved_with_before_and_after(tenant: Tenant, admin: Visitor) -> None:
    connection = company(tenant)

    changed = {**RULES, "target_status": "DRAFT", "reference_template": "{shipment}"}
    del changed["attach_pdf"]
    admin.post("sending_rules", **changed)

    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="sending rules changed")
        assert WorkItem.objects.filter(kind="assess shipments", subject_id=connection.pk).exists()
    assert (rules(tenant).target_status, rules(tenant).reference_template) == ("DRAFT", "{shipment}")
    assert event.details == {
        "Documents arrive in Xero as": {"before": "Approved, awaiting payment", "after": "Draft"},
        "Reference": {"before": "{customer_ref}", "after": "{shipment}"},
        "Attach our PDF": {"before": "yes", "after": "no"},
    }
    assert event.subject_name == f"sending rules of {connection.name}"
    assert "Approved, awaiting payment → Draft" in admin.text("sending_rules")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reference_template", "{nonsense}", "There is no field {nonsense}."),
        ("check_payments_minutes", "0", "Between 1 and 1440 minutes."),
        ("default_sales_account", "999", "Select a valid choice."),
    ],
)
def test_rules_that_make_no_sense_are_not_saved(
    tenant: Tenant, admin: Visitor, field: str, value: str, sentence: str
) -> None:
    company(tenant)

    page = admin.post("sending_rules", **{**RULES, field: value}).content.decode()

    assert sentence in page.replace("&#x27;", "'")
    assert (rules(tenant).reference_template, rules(tenant).check_payments_minutes) == ("{customer_ref}", 15)


def test_rules_are_seen_but_not_changed_by_an_operator(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    page, answer = operator.text("sending_rules"), operator.post("sending_rules", **{**RULES, "target_status": "DRAFT"})

    assert "Your role is Operator; to manage sending rules takes Admin." in page
    assert (answer.status_code, rules(tenant).target_status) == (403, "AUTHORISED")


def test_rules_lead_to_what_is_set_on_other_pages(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    elsewhere = operator.text("sending_rules").partition("Set elsewhere")[2].partition("</section>")[0]

    paths = ["settings/when-sent/", "settings/numbers/", "customers/", "settings/organisations/", "notices/mails/"]
    assert re.findall(r'href="/o/acme-freight/([^"]+)"', elsewhere) == paths
    assert "Line by line, as Xero does" in elsewhere


def test_creating_unknown_customers_sends_on_what_waited_for_them(tenant: Tenant, admin: Visitor) -> None:
    company(tenant, unknown_customer="create")
    problem = {"code": "FB-201", "subject": "C-1", "words": {"customer": "C-1"}}
    sent(tenant, assessed(tenant), state="attention", problems=[problem], problem_code="FB-201")

    admin.post("sending_rules", **RULES)

    with tenant_scope(tenant):
        assert SyncJob.objects.get().state == "queued"


def test_example_is_made_of_the_newest_document(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, number="SHP-1", customer_reference="PO-1"))

    page = admin.text("reference_example", reference_template="{customer_ref} / {shipment} / {number}")

    assert (example(page), "For INV-00001 it reads" in page) == ("PO-1 / SHP-1 / INV-00001", True)


def test_example_before_the_first_document_is_made_up(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)

    assert "a made-up invoice" in admin.text("reference_example", reference_template="{shipments}")


def test_example_of_a_wrong_template_says_what_is_wrong(tenant: Tenant, admin: Visitor) -> None:
    company(tenant)

    assert "There is no field {x}." in admin.text("reference_example", reference_template="{x}")


def test_account_that_xero_lists_no_more_stays_to_be_seen(tenant: Tenant, admin: Visitor) -> None:
    company(tenant, default_sales_account="222")

    assert "222 (not in Xero any more)" in admin.text("sending_rules")


def test_rules_without_a_connection_lead_to_it(admin: Visitor) -> None:
    assert "Go to the connection" in admin.text("sending_rules")

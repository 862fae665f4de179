from html import unescape

import pytest
from django.test import Client

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import problem_entry, write_entries
from integrations.mapping.problems import problem
from integrations.models import SyncJob
from integrations.problem_catalogue.codes import CATALOGUE, MendPage
from integrations.problem_catalogue.help_texts import HELP
from invoices.models import Shipment
from tests.conftest import NOW
from tests.web.page_company import Visitor, assessed, company, sent
from tests.web.test_overview_page import words

ADDRESS = "/help/errors/"


def text(visitor: Visitor, address: str) -> str:
    response = visitor.client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_code_has_its_help() -> None:
    assert set(HELP) == set(CATALOGUE)
    assert [code for code, help_text in HELP.items() if not help_text.meaning or not help_text.steps] == []


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_has_a_page_that_leads_to_where_it_is_mended(viewer: Visitor, code: str) -> None:
    entry = CATALOGUE[code]

    page = text(viewer, f"{ADDRESS}{code}/")

    shown = words(page)
    assert entry.title in shown
    assert entry.mended_by in shown
    assert all(step in shown for step in HELP[code].steps)
    assert "{" not in shown
    assert ("btn btn-primary" in page) == (entry.page != MendPage.NONE)


def test_page_names_who_can_mend_it_and_leads_to_the_page_of_the_company(viewer: Visitor) -> None:
    page = unescape(text(viewer, f"{ADDRESS}fb-301/"))

    assert "Yours to mend (Admin or Operator)." in words(page)
    assert 'href="/o/acme-freight/mappings/charges/">Choose account</a>' in page


def test_code_of_freight_leads_to_the_shipments_that_it_stops(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, incoterm="")
    assessed(tenant)

    page = unescape(text(operator, f"{ADDRESS}FB-401/"))
    assert 'href="/o/acme-freight/shipments/?cause=FB-401">See the shipments it stops</a>' in page

    assert len(operator.get("shipments", cause="FB-401").context["rows"]) == 1


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [("FB-307", ["FB-307"]), ("ledger account archived", ["FB-302"]), ("XERO(Customer.Name)", ["FB-201"]), ("zzz", [])],
)
def test_search_finds_codes_by_number_and_by_words(viewer: Visitor, wanted: str, codes: list[str]) -> None:
    page = viewer.client.get(ADDRESS, {"q": wanted})

    assert [found.entry.code for found in page.context["pages"]] == codes


def test_code_that_does_not_exist_has_no_page(viewer: Visitor) -> None:
    assert viewer.client.get(f"{ADDRESS}FB-999/").status_code == 404


def test_help_is_for_those_who_are_signed_in(db: None) -> None:
    for address in (ADDRESS, f"{ADDRESS}FB-101/"):
        assert Client().get(address)["Location"].startswith("/login/")


def test_every_code_that_is_shown_leads_to_its_page(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    known = {"code": "FB-502", "subject": "1", "words": {"number": "1", "xero": "Invoice # must be unique"}}
    document = {"problem_code": "FB-502"}
    sent(tenant, assessed(tenant), state="attention", problems=[known], problem_code="FB-502", document=document)
    with tenant_scope(tenant):
        shipment, job = Shipment.objects.get(), SyncJob.objects.get()
        refused = problem("FB-502", "1", number="1", xero="Invoice # must be unique")
        write_entries([problem_entry(job, refused, event="rejected", now=NOW)])
    pages = [
        operator.text("shipment", shipment.public_id),
        operator.text("shipment_integration", shipment.public_id),
        operator.text("accounting_logs"),
        operator.text("receivables"),
    ]

    for page in pages:
        assert f'<a href="{ADDRESS}FB-502/"' in page
        assert page.count("<code>FB-502</code>") == page.count(f'<a href="{ADDRESS}FB-502/"')

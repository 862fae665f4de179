"""For each code: it is shown where it belongs, its help page stands, and its button leads to the field at fault."""

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.lanes.lose_connection import lose_connection
from integrations.mapping.problems import Problem, problem
from integrations.models import OrganisationLane, SyncJob
from integrations.problem_catalogue.codes import CATALOGUE, MendPage
from integrations.problem_catalogue.describe import describe, to_json
from integrations.problem_catalogue.help_texts import HELP
from integrations.web.mend_address import label_on_document
from invoices.domain import readiness
from invoices.models import Invoice, Shipment
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, ready_shipment
from tests.web.code_cases import OF_CONNECTIONS, OF_DOCUMENTS, OF_SHIPMENTS, CodeCase
from tests.web.page_company import Visitor, assessed, company, sent, visitor
from tests.web.test_overview_page import words

OWN_WORD = "Edit the shipment"
# The elements that hold nothing, so that nothing ends them.
VOID = {"input", "br", "img", "meta", "link", "hr", "path"}


class Place(HTMLParser):
    """The markup of the element with an id, with all that stands inside it."""

    def __init__(self, wanted: str) -> None:
        super().__init__(convert_charrefs=False)
        self.wanted, self.depth, self.inside = wanted, 0, ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self.depth or dict(attributes).get("id") == self.wanted:
            self.inside += self.get_starttag_text() or ""
            self.depth += tag not in VOID

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth) and tag not in VOID

    def handle_data(self, data: str) -> None:
        self.inside += data if self.depth else ""

    def handle_entityref(self, name: str) -> None:
        self.inside += f"&{name};" if self.depth else ""


def place(page: str, wanted: str) -> str:
    parser = Place(wanted)
    parser.feed(page)
    return parser.inside


def told(code: str, case: CodeCase, customer: str) -> Problem:
    filled = {name: text.replace("{customer}", customer) for name, text in case.words.items()}
    return problem(code, case.subject.replace("{customer}", customer), **filled)


def complaints(person: Visitor, pages: dict[str, str], problem: Problem, fault: str) -> Iterator[str]:
    """`pages` by name: where it must be said, with the button on each."""
    code, entry = problem.code, CATALOGUE[problem.code]
    sentence = escape(describe(problem).text, quote=True)
    for name, page in pages.items():
        if sentence not in page:
            yield f"{name} lacks the sentence"
        if f'<a href="/help/errors/{code}/"' not in page:
            yield f"{name} lacks the code"
    help_page = words(person.client.get(f"/help/errors/{code}/").content.decode())
    if entry.title not in help_page or not all(step in help_page for step in HELP[code].steps):
        yield "the help page lacks title or steps"
    buttons = {name: _buttons(page, name, problem) for name, page in pages.items()}
    if [name for name, found in buttons.items() if bool(found) != (entry.page != MendPage.NONE)]:
        yield f"buttons: {buttons}"
    for address in {address for found in buttons.values() for address in found}:
        yield from _of_button(person, address, fault)


def _buttons(page: str, name: str, problem: Problem) -> list[str]:
    """On the document's own page the button says so."""
    entry = CATALOGUE[problem.code]
    if entry.page == MendPage.NONE:
        return _links(page, "")
    here = label_on_document(problem) if name == "invoice" else ""
    return _links(page, here or (OWN_WORD if entry.page == MendPage.SHIPMENT else entry.mend))


def _links(page: str, label: str) -> list[str]:
    found = re.findall(r'<a [^>]*class="btn" href="([^"]+)">(?:<svg.*?</svg>)?([^<]*)</a>', page, re.DOTALL)
    return [address.replace("&amp;", "&") for address, text in found if text.strip() == label]


def _of_button(person: Visitor, address: str, fault: str) -> Iterator[str]:
    path, _, anchor = address.partition("#")
    answer = person.client.get(path, follow=True)
    if answer.status_code != 200:
        yield f"{address} answers {answer.status_code}"
    elif not anchor:
        yield f"{address} names no field"
    elif fault not in place(answer.content.decode(), anchor):
        yield f"{address} does not show {fault}"


def people(tenant: Tenant) -> dict[str, Visitor]:
    return {role: visitor(tenant, role) for role in ("operator", "admin")}


def test_no_code_lacks_a_line() -> None:
    named = [*OF_SHIPMENTS, *OF_DOCUMENTS, *OF_CONNECTIONS]

    assert sorted(named) == sorted(CATALOGUE)
    assert [name for name in OF_CONNECTIONS.values() if name not in globals()] == []


def test_what_a_shipment_lacks_is_shown_on_it_and_its_button_leads_to_the_field(tenant: Tenant) -> None:
    company(tenant)
    shipments = dict(zip(OF_SHIPMENTS, assessed(tenant, len(OF_SHIPMENTS)), strict=True))
    problems = {}
    with tenant_scope(tenant):
        Shipment.objects.filter(pk=shipments["FB-402"].pk).update(currency="USD")
        for code, case in OF_SHIPMENTS.items():
            problems[code] = told(code, case, Shipment.objects.get(pk=shipments[code].pk).bill_to.code)
            not_ready = {"readiness": "not ready", "sales_readiness": "not ready"}
            Shipment.objects.filter(pk=shipments[code].pk).update(
                **not_ready, readiness_problems=[to_json(problems[code])]
            )
    persons = people(tenant)
    listed = words(persons["operator"].text("attention"))

    found = {}
    for code, case in OF_SHIPMENTS.items():
        person = persons[case.role]
        pages = {"shipment": person.text("shipment", shipments[code].public_id)}
        found[code] = list(complaints(person, pages, problems[code], case.fault))
        found[code] += [] if f" {code} " in listed else ["Needs attention lacks it"]

    assert {code: said for code, said in found.items() if said} == {}


def test_what_stops_a_document_is_shown_on_it_and_its_button_leads_to_the_field(tenant: Tenant) -> None:
    company(tenant)
    shipments = assessed(tenant, len(OF_DOCUMENTS))
    sent(tenant, shipments, state="attention")
    problems, invoices = {}, {}
    with tenant_scope(tenant):
        for (code, case), shipment in zip(OF_DOCUMENTS.items(), shipments, strict=True):
            invoices[code] = Invoice.objects.get(lines__shipment=shipment)
            problems[code] = told(code, case, invoices[code].customer.code)
            _stop(invoices[code], problems[code])
    persons = people(tenant)
    listed = words(persons["operator"].text("attention"))

    found = {}
    for (code, case), shipment in zip(OF_DOCUMENTS.items(), shipments, strict=True):
        person = persons[case.role]
        pages = {
            "shipment": person.text("shipment", shipment.public_id),
            "invoice": person.text("invoice", invoices[code].public_id),
        }
        found[code] = list(complaints(person, pages, problems[code], case.fault))
        found[code] += [] if f" {code} " in listed else ["Needs attention lacks it"]
        found[code] += [] if "Copy for support" in pages["invoice"] else ["the invoice lacks Copy for support"]

    assert {code: said for code, said in found.items() if said} == {}


def _stop(invoice: Invoice, problem: Problem) -> None:
    """In the tenant's scope. A document that went by file is told apart by its state."""
    changes = {"problems": [to_json(problem)], "problem_code": problem.code}
    SyncJob.objects.filter(invoice=invoice).update(**changes)
    document: Any = invoice.xero_document
    document.problem_code = problem.code
    document.state = "by file" if problem.code == "FB-511" else "attention"
    document.save()


@pytest.mark.parametrize("field", sorted(set(re.findall(r'Missing\("(\w+)"', Path(readiness.__file__).read_text()))))
def test_field_that_is_missing_stands_where_the_button_leads(tenant: Tenant, operator: Visitor, field: str) -> None:
    company(tenant)
    (shipment,) = assessed(tenant)
    with tenant_scope(tenant):
        missing = problem("FB-401", field, text="Not there.", customer=Shipment.objects.get().bill_to.code)
        Shipment.objects.update(readiness="not ready", readiness_problems=[to_json(missing)])

    (address,) = _links(operator.text("shipment", shipment.public_id), OWN_WORD)

    path, _, anchor = address.partition("#")
    assert place(operator.client.get(path, follow=True).content.decode(), anchor) != ""


def test_nothing_connected_leads_to_connecting(tenant: Tenant, admin: Visitor) -> None:
    with tenant_scope(tenant):
        BillingEntityFactory()
        shipment = ready_shipment()
    pages = {"preview": admin.text("shipment_preview", shipment.public_id)}

    assert list(complaints(admin, pages, problem("FB-101"), "Connect to Xero")) == []
    assert "FB-101" in admin.text("xero_connection")


def test_lost_connection_leads_to_reconnecting(tenant: Tenant, admin: Visitor, operator: Visitor) -> None:
    connection = company(tenant)
    with tenant_scope(tenant):
        lose_connection(connection.pk, reason="somebody disconnected it in Xero", now=NOW)
    banner, page, logs = operator.text("shipments"), admin.text("xero_connection"), operator.text("accounting_logs")

    for shown in (banner, page, logs):
        assert "is lost" in words(shown)
        assert '<a href="/help/errors/FB-102/"' in shown
    assert 'href="/o/acme-freight/settings/xero/"' in banner
    assert "Reconnect" in place(page, "connect")
    assert "Reconnect" in words(admin.client.get("/help/errors/FB-102/").content.decode())


def test_xero_that_does_not_answer_is_told_on_the_connection(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    quiet = operator.text("xero_connection")
    reason = "Xero gives no proper answer at the moment (HTTP 503)"
    with tenant_scope(tenant):
        OrganisationLane.objects.update(
            outage_count=3, paused_until=NOW.replace(year=NOW.year + 50), pause_reason=reason
        )
    page = operator.text("xero_connection")

    assert "FB-103" not in quiet
    assert f"{reason} ( FB-103 ). We go on at" in words(page)
    assert '<a href="/help/errors/FB-103/"' in page
    assert "Xero did not answer" in words(operator.client.get("/help/errors/FB-103/").content.decode())

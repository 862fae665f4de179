"""Every page of a company, as each role, as a stranger and as nobody; what holds for all of them is asked here."""

import re
import uuid
from html.parser import HTMLParser
from inspect import getclosurevars

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from freightbridge.access.invitations import invite
from freightbridge.access.models import Membership, User
from freightbridge.access.permission_checks import access_of
from freightbridge.access.permissions import Permission
from freightbridge.access.roles import ROLES
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import FoundDocument, RoutingRule, SyncAttempt, XeroConnection
from integrations.problem_catalogue.causes import CauseKey
from invoices.models import BillingEntity, Customer, Invoice, NumberSeries, SavedView, Upload
from invoices.pdf.clean_logo import clean_logo
from invoices.workflows.save_letterhead import change_logo
from tests.conftest import NOW
from tests.notices.told_people import tell
from tests.pdf.pictures import picture
from tests.rest.other_systems import other_systems
from tests.web.page_company import (
    Visitor,
    assessed,
    company,
    differing_break,
    exported,
    searched,
    sent,
    status_change,
    visitor,
)
from tests.web.test_upload_pages import STRANGE, choose

WITHOUT_INCOTERM = CauseKey(code="FB-401", subject="No Incoterm: a booking needs one.", side="")
INSIDE = "o/<slug:slug>/"
SAME_ID = {"X-Request-ID": "the-same-for-both"}
# Which kind of object an address names.
OBJECTS = {
    "shipments/views/": "view",
    "shipments/": "shipment",
    "invoices/": "invoice",
    "customers/": "customer",
    "logs/calls/": "attempt",
    "reconciliation/": "break",
    "found/": "found",
    "settings/organisations/rules/": "rule",
    "settings/organisations/": "connection",
    "settings/numbers/": "series",
    "settings/entities/": "entity",
    "attention/": "cause",
    "settings/people/invitations/": "invitation",
    "settings/people/": "member",
    "settings/api-keys/": "api key",
    "settings/events/deliveries/": "delivery",
    "settings/events/": "endpoint",
    "notices/": "notice",
}


def patterns() -> dict[str, URLPattern]:
    """The pages of a company, by the route below its slug."""
    found = {}
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == INSIDE:
            found |= {str(pattern.pattern): pattern for pattern in resolver.url_patterns}
    return found


def is_shown(pattern: URLPattern) -> bool:
    """A page, and not a button's target, which answers to POST alone."""
    return getclosurevars(pattern.callback).nonlocals.get("request_method_list") != ["POST"]


PAGES = patterns()
SHOWN = sorted(route for route, pattern in PAGES.items() if is_shown(pattern))
WITH_ID = sorted(route for route in PAGES if "<" in route)


@pytest.fixture
def objects(tenant: Tenant) -> dict[str, str]:
    """One of each kind, as it stands in an address."""
    company(tenant)
    shipments = assessed(tenant)
    sent(tenant, shipments)
    exported(tenant, assessed(tenant))
    searched(tenant, assessed(tenant))
    assessed(tenant, incoterm="")
    uploader = visitor(tenant, "admin")
    choose(uploader, STRANGE)
    notice = tell(tenant, "Send 1: 1 of 1 sent", to="admin@acme-freight.example")
    with tenant_scope(tenant):
        return {
            "shipment": str(shipments[0].public_id),
            "invoice": str(Invoice.objects.order_by("id")[0].public_id),
            "customer": str(Customer.objects.order_by("id")[0].public_id),
            "attempt": str(SyncAttempt.objects.get().public_id),
            "break": str(differing_break().public_id),
            "found": str(one_found().public_id),
            "rule": str(one_rule().public_id),
            "connection": str(XeroConnection.objects.get().public_id),
            "view": str(SavedView.objects.create(name="Sea", query="mode=sea").public_id),
            "series": str(NumberSeries.objects.order_by("id")[0].public_id),
            "entity": str(one_entity().public_id),
            "cause": str(WITHOUT_INCOTERM.public_id),
            **others_of_the_company(User.objects.get(email="admin@acme-freight.example")),
            **other_systems(User.objects.get(email="admin@acme-freight.example")),
            "notice": str(notice.public_id),
            "import": str(Upload.objects.get().number),
            "sends": "1",
            "status-changes": str(status_change(tenant, shipments).number),
            "export-files": "1",
            "already-in-xero": "1",
        }


def others_of_the_company(admin: User) -> dict[str, str]:
    member = Membership.objects.get(user=admin)
    invitation = invite(email="mia@example.com", role=ROLES["viewer"], by=admin, now=NOW)
    return {"member": str(member.public_id), "invitation": str(invitation.public_id)}


def one_found() -> FoundDocument:
    return FoundDocument.objects.create(
        connection=XeroConnection.objects.get(), kind="purchase order", xero_id=uuid.uuid4(), number="PO-1", total=1,
        xero_status="AUTHORISED", content={"lines": {}}, found_at=NOW,
    )  # fmt: skip


def one_entity() -> BillingEntity:
    entity: BillingEntity = BillingEntity.objects.get()
    change_logo(entity, clean_logo(picture()), by="admin@acme-freight.example", now=NOW)
    return entity


def one_rule() -> RoutingRule:
    return RoutingRule.objects.create(connection=XeroConnection.objects.get(), position=1, mode="air")


def address(route: str, ids: dict[str, str], *, slug: str = "acme-freight") -> str:
    kind = next((kind for start, kind in OBJECTS.items() if route.startswith(start)), route.partition("/")[0])
    return f"/o/{slug}/" + re.sub("<[^>]+>", ids.get(kind, "1"), route)


@pytest.mark.parametrize("role", ["viewer", "support", "operator"])
def test_every_page_opens_for_the_roles_that_may_and_refuses_the_others(
    tenant: Tenant, objects: dict[str, str], role: str
) -> None:
    person = visitor(tenant, role)
    expected = {route: _may(role, PAGES[route]) for route in SHOWN}

    answers = {route: person.client.get(address(route, objects)).status_code for route in SHOWN}

    assert {route: status in {200, 302} for route, status in answers.items()} == expected
    assert {status for route, status in answers.items() if not expected[route]} <= {403}


def test_every_page_opens_for_an_admin_without_inline_script_or_style(tenant: Tenant, objects: dict[str, str]) -> None:
    client = Client()
    client.login(email="admin@acme-freight.example", password="a long enough password")
    pages = {route: client.get(address(route, objects)) for route in SHOWN}

    assert {route for route, page in pages.items() if page.status_code not in {200, 302}} == set()
    for route, page in pages.items():
        assert _inline(page.content.decode(errors="replace")) == [], route
        assert page["Cache-Control"] == "private, no-store", route
        assert "default-src 'none'" in page["Content-Security-Policy"], route
        assert "'unsafe" not in page["Content-Security-Policy"], route


def test_every_page_is_refused_to_strangers_as_if_it_did_not_exist(
    tenant: Tenant, other_tenant: Tenant, objects: dict[str, str]
) -> None:
    stranger = visitor(other_tenant, "admin").client

    for route in PAGES:
        theirs = stranger.get(address(route, objects), headers=SAME_ID)
        nobodys = stranger.get(address(route, objects, slug="no-such-company"), headers=SAME_ID)
        assert (theirs.status_code, theirs.content) == (404, nobodys.content), route


@pytest.mark.parametrize("method", ["get", "post"])
def test_foreign_and_missing_objects_answer_alike(other_tenant: Tenant, objects: dict[str, str], method: str) -> None:
    """Under the visitor's own slug; numbers of batches and uploads are each company's own, so they are missing too."""
    visit = getattr(visitor(other_tenant, "admin").client, method)
    nothing = {kind: str(uuid.uuid4()) if len(text) > 9 else "9999" for kind, text in objects.items()}

    for route in WITH_ID:
        foreign = visit(address(route, objects, slug="rival-lines"), headers=SAME_ID)
        missing = visit(address(route, nothing, slug="rival-lines"), headers=SAME_ID)

        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content), route
        assert foreign.status_code in {404, 405}, route


def test_every_page_leads_nobody_to_the_log_in(tenant: Tenant, objects: dict[str, str]) -> None:
    for route in SHOWN:
        response = Client().get(address(route, objects))

        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/"), route


def test_part_of_a_page_leads_to_the_log_in_as_a_whole(tenant: Tenant) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/o/acme-freight/shipments/?state=ready"}

    response = Client().get("/o/acme-freight/shipments/", headers=headers)

    assert response["HX-Redirect"] == "/login/?next=/o/acme-freight/shipments/%3Fstate%3Dready"


def test_refusal_names_whom_to_ask(tenant: Tenant, viewer: Visitor) -> None:
    response = viewer.get("sending_rules")

    assert response.status_code == 403
    assert "Your role is Viewer; to view settings takes Admin or Operator or Support." in response.content.decode()


def test_buttons_may_be_pressed_by_post_only(tenant: Tenant, objects: dict[str, str], admin_again: Client) -> None:
    for route in sorted(set(PAGES) - set(SHOWN)):
        assert admin_again.get(address(route, objects)).status_code == 405, route


@pytest.fixture
def admin_again(tenant: Tenant, objects: dict[str, str]) -> Client:
    client = Client()
    client.login(email="admin@acme-freight.example", password="a long enough password")
    return client


def _may(role: str, pattern: URLPattern) -> bool:
    access = access_of(pattern.callback)
    assert access is not None
    assert isinstance(access.permission, Permission)
    return access.permission in ROLES[role].permissions


class Inline(HTMLParser):
    """What a strict policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.found += [f"{tag} {name}" for name in named if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and "src" not in named):
            self.found.append(tag)


def _inline(page: str) -> list[str]:
    parser = Inline()
    parser.feed(page)
    return parser.found

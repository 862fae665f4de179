"""Saved views of the shipment list: whose they are, what they keep, and what becomes of them."""

import re
from typing import Any

import pytest
from django.http import HttpResponse, QueryDict

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.page_address import page_address
from invoices.models import ListChoice, SavedView
from invoices.web.shipment_filters import shipment_filters
from invoices.web.view_query import left_out, view_query
from tests.web.page_company import HTMX, Visitor, assessed, company, visitor


def save(person: Visitor, filters: str, **data: Any) -> HttpResponse:
    """As the list's own form does it, with its address behind."""
    return person.client.post(f"{page_address(person.tenant, 'view_save')}?{filters}", data, headers=HTMX)


def saved(person: Visitor, filters: str = "mode=sea", **data: Any) -> SavedView:
    assert save(person, filters, **{"name": "By sea", **data})["HX-Refresh"] == "true"
    with tenant_scope(person.tenant):
        return SavedView.objects.order_by("-id")[0]


def chips(page: str) -> list[tuple[str, str]]:
    """Each saved view above the list: its name, and "page" where the list shows it now."""
    return [
        (name, current)
        for current, name in re.findall(r'class="view-chip plain-link"[^>]*?(?:aria-current="(\w+)")?>([^<]+)<', page)
    ]


def test_view_keeps_the_filters_and_is_shown_as_the_current_one(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    view = saved(operator, "q=&branch=Perth&mode=sea&after=abc&new_since=2026-03-02T09:30:00%2B00:00&state=ready")

    assert view.query == "state=ready&mode=sea&branch=Perth"
    page = operator.text("shipments", mode="sea", branch="Perth", state="ready")
    assert chips(page) == [("All shipments", ""), ("By sea", "page")]
    assert f'href="?{view.query.replace("&", "&amp;")}"' in page
    assert chips(operator.text("shipments", mode="air")) == [("All shipments", ""), ("By sea", "")]


def test_view_has_an_address_that_leads_to_the_list(tenant: Tenant, operator: Visitor) -> None:
    view = saved(operator)

    response = operator.get("saved_view", view.public_id)

    assert response["Location"] == "/o/acme-freight/shipments/?mode=sea"


def test_own_view_is_nobody_elses_and_a_shared_one_is_everybodys(
    tenant: Tenant, operator: Visitor, viewer: Visitor
) -> None:
    company(tenant)
    own = saved(operator, name="Mine")
    saved(operator, name="Ours", shares="yes")
    saved(viewer, name="His")

    assert [name for name, _ in chips(operator.text("shipments"))] == ["All shipments", "Mine", "Ours"]
    assert [name for name, _ in chips(viewer.text("shipments"))] == ["All shipments", "His", "Ours"]
    for page in ("saved_view", "view_opens", "view_rename", "view_delete"):
        send = viewer.get if page == "saved_view" else viewer.post
        assert send(page, own.public_id).status_code == 404, page
    assert "Mine" not in viewer.text("saved_views")


def test_viewer_may_neither_share_a_view_nor_change_a_shared_one(
    tenant: Tenant, operator: Visitor, viewer: Visitor
) -> None:
    shared, own = saved(operator, name="Ours", shares="yes"), saved(viewer, name="His")

    answers = [
        save(viewer, "mode=air", name="Everybody's", shares="yes"),
        viewer.post("view_share", own.public_id),
        viewer.post("view_rename", shared.public_id, name="Theirs"),
        viewer.post("view_delete", shared.public_id),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    with tenant_scope(tenant):
        assert list(SavedView.objects.order_by("id").values_list("name", "owner")) == [
            ("Ours", None),
            ("His", own.owner_id),
        ]


def test_view_is_renamed_shared_and_deleted_and_what_concerns_all_is_in_the_history(
    tenant: Tenant, operator: Visitor
) -> None:
    view = saved(operator)

    operator.post("view_rename", view.public_id, name="Ocean")
    operator.post("view_share", view.public_id)
    operator.post("view_rename", view.public_id, name="Seas")
    operator.post("view_delete", view.public_id)

    with tenant_scope(tenant):
        assert not SavedView.objects.exists()
        events = AuditEvent.objects.order_by("id").values_list("action", "subject_name")
        assert list(events) == [("view shared", "Ocean"), ("view renamed", "Seas"), ("view deleted", "Seas")]


@pytest.mark.parametrize(
    ("filters", "name", "complaint"),
    [
        ("mode=sea", " ", "A view needs a name."),
        ("mode=sea", "n" * 61, "at most 60 characters"),
        ("mode=sea", "By sea", "You have a view of this name already."),
        ("mode=rocket", "Fast", "Nothing is filtered"),
        (f"q={'9' * 2100}", "Long", "The search is too long"),
    ],
)
def test_view_that_cannot_be_saved_says_why_and_keeps_what_was_typed(
    tenant: Tenant, operator: Visitor, filters: str, name: str, complaint: str
) -> None:
    saved(operator)

    form = save(operator, filters, name=name).content.decode()

    assert complaint in form
    assert f'value="{name.strip()}"' in form
    with tenant_scope(tenant):
        assert SavedView.objects.count() == 1


def test_thirty_views_are_enough(tenant: Tenant, operator: Visitor) -> None:
    owner_id = saved(operator).owner_id
    with tenant_scope(tenant):
        SavedView.objects.bulk_create([SavedView(owner_id=owner_id, name=f"V{n}", query="mode=air") for n in range(29)])

    assert "You have 30 views already." in save(operator, "mode=road", name="One more").content.decode()


def test_refused_name_stays_in_its_field(tenant: Tenant, operator: Visitor) -> None:
    saved(operator)
    other = saved(operator, "mode=air", name="By air")

    page = operator.post("view_rename", other.public_id, name="By sea").content.decode()

    assert "You have a view of this name already." in page
    assert re.findall(r'value="([^"]+)" required', page) == ["By sea", "By sea"]


def test_list_opens_with_the_view_that_a_member_chose_until_it_is_gone(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    view = saved(operator, opens="yes")

    opened = operator.get("shipments")
    everything = operator.get("shipments", state="")
    operator.post("view_opens_all")
    reset = operator.get("shipments")
    operator.post("view_opens", view.public_id)
    operator.post("view_delete", view.public_id)

    assert (opened.status_code, opened["Location"]) == (302, "?mode=sea")
    assert [everything.status_code, reset.status_code, operator.get("shipments").status_code] == [200] * 3
    with tenant_scope(tenant):
        assert ListChoice.objects.get().opens_with is None


def test_page_says_which_view_the_list_opens_with(tenant: Tenant, operator: Visitor) -> None:
    view = saved(operator, opens="yes")
    saved(operator, "mode=air", name="By air")

    page = operator.text("saved_views")

    assert page.count("Your list opens with it") == 1
    assert page.index(str(view.public_id)) < page.index("Your list opens with it")


def test_part_of_an_old_view_that_is_gone_is_left_out_with_a_sentence(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, number="SHP-1", branch="Perth")
    with tenant_scope(tenant):
        SavedView.objects.create(name="Old", query="state=gone&mode=rocket&branch=Perth&from_date=never&carrier=9")

    page = operator.text("shipments", state="gone", mode="rocket", branch="Perth", from_date="never", carrier="9")

    assert "SHP-1" in page
    assert re.findall(r'class="alert alert-warning[^>]*>([^<]+)<', page) == [
        "State “gone” is left out: the list does not know it.",
        "Mode “rocket” is left out: the list does not know it.",
        "From “never” is left out: the list does not know it.",
        "Filter “carrier=9” is left out: the list does not know it.",
    ]


def test_query_is_the_same_in_whatever_order_it_was_typed(in_tenant: Tenant) -> None:
    orders = [QueryDict("mode=sea&branch=Perth&state=ready"), QueryDict("state=ready&branch=Perth&q=&mode=sea")]
    queries = [view_query(order, shipment_filters(order, tenant=in_tenant)) for order in orders]

    assert queries == ["state=ready&mode=sea&branch=Perth"] * 2
    assert [left_out(order, shipment_filters(order, tenant=in_tenant)) for order in orders] == [[], []]


def test_views_of_another_company_are_not_there(tenant: Tenant, other_tenant: Tenant, operator: Visitor) -> None:
    view = saved(operator, shares="yes")
    stranger = visitor(other_tenant, "admin")

    assert stranger.get("saved_view", view.public_id).status_code == 404
    assert stranger.post("view_delete", view.public_id).status_code == 404
    assert [name for name, _ in chips(stranger.text("shipments"))] == ["All shipments"]

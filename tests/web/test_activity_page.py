"""Who changed what: filtered by the address, paged, exported, and never changed."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from freightbridge.audit.models import AuditEvent
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.conftest import NOW
from tests.freight_factories import CustomerFactory
from tests.web.page_company import Visitor

MIA, BOB = "mia@example.com", "bob@example.com"


def happened(tenant: Tenant, *, action: str = "customer changed", by: str = MIA, days: int = 0, **details: Any) -> None:
    with tenant_scope(tenant):
        customer = CustomerFactory(name="Harbour Lines")
        record_event(action=action, subject=customer, by=by, now=NOW + timedelta(days=days), **details)


def lines(admin: Visitor, **query: Any) -> list[dict[str, str]]:
    response = admin.get("activity_download", **query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(response.content.decode("utf-8-sig").splitlines()))


def test_entries_say_who_changed_what_from_what_to_what(tenant: Tenant, admin: Visitor) -> None:
    happened(tenant, Terms={"before": "30 days", "after": "14 days"})

    page = admin.text("activity")

    for words in (MIA, "Customer changed", "Harbour Lines", "30 days → 14 days", "2 Mar 2026"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"actor": BOB}, ["second"]),
        ({"action": "first"}, ["first"]),
        ({"from_date": "2026-03-03"}, ["third", "second"]),
        ({"from_date": "2026-03-03", "to_date": "2026-03-03"}, ["second"]),
        ({"actor": MIA, "to_date": "2026-03-02"}, ["first"]),
        ({"actor": "nobody@example.com"}, []),
        ({}, ["third", "second", "first"]),
    ],
)
def test_filters_stand_in_the_address(tenant: Tenant, admin: Visitor, query: dict[str, str], found: list[str]) -> None:
    for days, (action, by) in enumerate([("first", MIA), ("second", BOB), ("third", MIA)]):
        happened(tenant, action=action, by=by, days=days)

    page = admin.text("activity", **query)

    assert [line["What"] for line in lines(admin, **query)] == found
    assert ("Nothing matches" in page) == (not found)
    assert [f"<strong>{one.capitalize()}</strong>" in page for one in found] == [True] * len(found)


def test_choices_are_who_ever_did_something_and_what(tenant: Tenant, other_tenant: Tenant, admin: Visitor) -> None:
    for by in (BOB, MIA, MIA):
        happened(tenant, by=by)
    happened(other_tenant, by="spy@example.com", action="spied")

    page = admin.text("activity", actor="left@example.com")

    offered = [f'<option value="{one}"' in page for one in (BOB, MIA, "left@example.com", "customer changed")]
    assert offered == [True] * 4
    assert "spy@example.com" not in page
    assert "spied" not in page


def test_pages_follow_each_other_under_one_number_of_queries(
    tenant: Tenant, admin: Visitor, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    happened(tenant)
    with django_assert_max_num_queries(40) as alone:
        admin.text("activity")
    with tenant_scope(tenant):
        customer = CustomerFactory()
        for number in range(60):
            record_event(action="changed", subject=customer, by=MIA, now=NOW + timedelta(minutes=number))

    with django_assert_num_queries(len(alone)):
        page = admin.text("activity")

    assert "50 on this page" in page
    further = page.split('rel="next"')[0].rpartition('href="?')[2].split('"')[0]
    assert "11 on this page" in admin.client.get(f"/o/acme-freight/settings/activity/?{further}").content.decode()


def test_file_runs_no_formula(tenant: Tenant, admin: Visitor) -> None:
    happened(tenant, Name={"before": "", "after": "=1+1"}, note="=cmd()", by="=HYPERLINK()")

    (line,) = lines(admin)

    assert (line["Who"], line["Details"]) == ("'=HYPERLINK()", "Name: (empty) → =1+1; note: =cmd()")


def test_entries_can_be_neither_changed_nor_removed(tenant: Tenant, admin: Visitor) -> None:
    happened(tenant)

    with tenant_scope(tenant):
        for act in (lambda: AuditEvent.objects.update(actor=BOB), lambda: AuditEvent.objects.all().delete()):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()

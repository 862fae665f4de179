import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment, Upload
from invoices.web.match_form import amount_rows_of, charge_rows_of, rules_from, shipment_rows_of
from tests.freight_factories import ChargeCodeFactory
from tests.web.page_company import Visitor, company

HEADER = "Shipment Number,Customer Code,Customer Name,Currency,Charge Code,Unit Price"
GOOD = f"{HEADER}\nSHP-1,C-1,Coastal,AUD,FRT,1250.00\nSHP-2,C-1,Coastal,AUD,FRT,nonsense\n"
STRANGE = "Job;Wer;Fracht\nA1;C-1;1.250,50\n"
LIST_QUERIES, REPORT_QUERIES = 14, 16


def choose(person: Visitor, content: str, name: str = "freight.csv") -> Any:
    file = SimpleUploadedFile(name, content.encode(), content_type="text/csv")
    return person.client.post("/o/acme-freight/import/file/", {"file": file})


def work() -> None:
    for queue in (Queue.INTERACTIVE, Queue.BULK):
        run_due(queue, seconds=20)


def imported(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    with tenant_scope(tenant):
        ChargeCodeFactory()
    choose(operator, GOOD)
    work()
    operator.post("upload_import", 1)
    work()


@pytest.mark.parametrize("count", [1, 3])
def test_uploads_take_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    for _ in range(count):
        choose(operator, STRANGE)

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("uploads")

    assert re.findall(r">Upload (\d+)</a>", page) == [str(number) for number in range(count, 0, -1)]
    assert len(queries) == LIST_QUERIES, "\n".join(query["sql"][:150] for query in queries)


@pytest.mark.parametrize("rows", [1, 3])
def test_report_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, rows: int
) -> None:
    company(tenant)
    choose(operator, HEADER + "".join(f"\nSHP-{row},C-1,Coastal,AUD,FRT,1" for row in range(rows)))
    work()

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("upload", 1)

    assert page.count("New</span>") == rows
    assert len(queries) == REPORT_QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_file_with_known_columns_is_checked_and_touches_no_shipment(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)

    response = choose(operator, GOOD)
    watching = operator.text("upload", 1)
    work()
    page = operator.text("upload", 1)

    assert response["Location"] == "/o/acme-freight/import/1/"
    assert 'hx-trigger="every 2s"' in watching
    assert "Checked, not imported" in page
    assert "SHP-2" in page
    with tenant_scope(tenant):
        assert Shipment.objects.count() == 0


def test_import_makes_the_shipments_and_tells_of_each_row(tenant: Tenant, operator: Visitor) -> None:
    imported(tenant, operator)

    page = operator.text("upload", 1)

    with tenant_scope(tenant):
        assert list(Shipment.objects.order_by("number").values_list("number", flat=True)) == ["SHP-1", "SHP-2"]
    assert "Imported</span>" in page
    assert "Undo the import" in page


def test_report_is_filtered_by_outcome(tenant: Tenant, operator: Visitor) -> None:
    imported(tenant, operator)

    numbers = {
        show: re.findall(r">(SHP-\d)<", operator.text("upload", 1, show=show)) for show in ("new", "refused", "errors")
    }

    assert numbers == {"new": ["SHP-1", "SHP-2"], "refused": [], "errors": ["SHP-2"]}


def test_rows_with_errors_are_downloaded_as_they_were_with_the_reason(tenant: Tenant, operator: Visitor) -> None:
    imported(tenant, operator)

    response = operator.get("upload_rows", 1, errors="1")

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response["Content-Disposition"] == 'attachment; filename="upload-1-rows.csv"'
    assert [row[0] for row in rows] == ["Shipment Number", "SHP-2"]


def test_import_clicked_twice_is_one_import(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    choose(operator, GOOD)
    work()

    answers = [operator.post("upload_import", 1).status_code for _ in range(2)]

    assert answers == [302, 302]
    with tenant_scope(tenant):
        assert Upload.objects.get().state == "importing"


def test_undone_import_takes_its_shipments_away(tenant: Tenant, operator: Visitor) -> None:
    imported(tenant, operator)

    operator.post("upload_undo", 1)

    with tenant_scope(tenant):
        assert (Upload.objects.get().state, Shipment.objects.count()) == ("undone", 0)
    assert "2 shipments and" in operator.text("upload", 1)


@pytest.mark.parametrize(
    ("content", "name"), [("", "empty.csv"), ("<html></html>", "page.csv"), ("%PDF-1.7", "invoice.pdf")]
)
def test_file_that_cannot_be_taken_gets_a_sentence_and_is_not_kept(
    tenant: Tenant, operator: Visitor, content: str, name: str
) -> None:
    response = choose(operator, content, name)

    assert response["Location"] == "/o/acme-freight/import/"
    assert f'role="alert">{name}: ' in operator.text("uploads")
    with tenant_scope(tenant):
        assert Upload.objects.count() == 0


def test_no_file_at_all_is_said(operator: Visitor) -> None:
    operator.post("upload_file")

    assert "Choose a file first." in operator.text("uploads")


def test_unknown_columns_are_matched_by_a_person_and_remembered(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    choose(operator, STRANGE)
    page = operator.text("upload", 1)
    match = {
        "field-number": "Job", "field-customer_code": "Wer", "amount-column": "Fracht", "amount-code": "frt",
        "amount-description": "Freight", "amount-currency": "aud", "amount-side": "sell", "decimal_mark": "comma",
    }  # fmt: skip

    operator.post("upload_match", 1, **match)
    work()
    choose(operator, STRANGE.replace("A1", "A2"))
    work()

    assert ("Which column is what?" in page, "1.250,50" in page) == (True, True)
    assert "Checked, not imported" in operator.text("upload", 1)
    assert "Checked, not imported" in operator.text("upload", 2)


def test_match_without_a_shipment_number_is_refused_and_shown_again(tenant: Tenant, operator: Visitor) -> None:
    choose(operator, STRANGE)

    page = operator.post("upload_match", 1, **{"field-customer_code": "Wer"}).content.decode()

    assert "No column is matched to the shipment number" in page
    assert re.search(r'<option value="Wer" selected>', page)


def test_template_can_be_downloaded(viewer: Visitor) -> None:
    response = viewer.get("upload_template")

    assert response["Content-Disposition"] == 'attachment; filename="freightbridge-shipments.csv"'
    assert "Shipment Number" in response.content.decode("utf-8-sig")


def test_match_form_gives_back_the_rules_it_shows() -> None:
    rules = {
        "fields": {
            "number": {"columns": ["Job"]},
            "customer_name": {"columns": ["Country", "Code"]},
            "currency": {"default": "USD"},
            "mode": {"columns": ["Mode"], "values": {"truck": "road"}},
        },
        "charges": [
            {"charge_code": {"columns": ["Code"]}, "unit_price": {"columns": ["Price"]}, "quantity": {"default": "1"}},
            {
                "charge_code": {"default": "FRT"}, "description": {"default": "Freight"},
                "currency": {"default": "USD"}, "side": {"default": "sell"}, "unit_price": {"columns": ["Freight"]},
            },
        ],
        "date_order": "day",
        "decimal_mark": "comma",
    }  # fmt: skip
    form = QueryDict(mutable=True)
    for row in (*shipment_rows_of(rules), *charge_rows_of(rules)):
        form.setlist(row.name, row.chosen)
        form[f"{row.name}-default"] = row.default
    for amount in amount_rows_of(rules):
        for name in ("column", "code", "description", "currency", "side"):
            form.appendlist(f"amount-{name}", getattr(amount, name))
    form["date_order"], form["decimal_mark"] = "day", "comma"

    assert rules_from(form, before=rules) == rules

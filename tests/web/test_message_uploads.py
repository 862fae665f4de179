"""Files of carriers and of other systems through the upload pages: the dry run, the import, the shipment afterwards."""

import csv
import html
import io
import re
from decimal import Decimal
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.domain.derived_fields import derive_fields
from invoices.models import ChargeCodeMatch, Customer, Shipment, ShipmentCharge, Upload
from tests.freight_factories import (
    BillingEntityFactory,
    ChargeCodeFactory,
    CustomerFactory,
    ShipmentFactory,
    TaxCodeFactory,
)
from tests.intake.carrier_messages import (
    EXPRESS,
    INTERCHANGE_XML,
    LTL,
    OCEAN,
    PARCEL,
    SHIPMENT_XML,
    TRUCKLOAD,
    x12,
)
from tests.web.page_company import Visitor
from tests.web.test_upload_pages import choose, work

CODES = ("FRT", "THC", "BAF", "FUEL", "EXP", "DOC", "STORAGE")


@pytest.fixture
def company(tenant: Tenant) -> Tenant:
    """With charge codes of its own, taxed at nothing; a tax of 10 % is there too."""
    with tenant_scope(tenant):
        BillingEntityFactory(base_currency="AUD")
        free = TaxCodeFactory(code="FREE", rate=Decimal(0))
        TaxCodeFactory(code="GST", rate=Decimal(10))
        for code in CODES:
            ChargeCodeFactory(code=code, name=f"{code} charge", sales_tax_code=free, purchase_tax_code=free)
    return tenant


def shipment(tenant: Tenant, number: str, *, currency: str = "AUD", **references: list[str]) -> None:
    """As it stands after an upload or an edit, with references that a search finds."""
    with tenant_scope(tenant):
        made = ShipmentFactory(number=number, references=references, currency=currency)
        derive_fields(made, created_date=made.list_date)
        made.save()


def checked(operator: Visitor, content: str, name: str = "bill.edi") -> int:
    """Uploaded and checked; its number."""
    address = choose(operator, content, name)["Location"]
    work()
    return int(address.rstrip("/").rpartition("/")[2])


def brought_in(operator: Visitor, number: int) -> None:
    operator.post("upload_import", number)
    work()


def costs(tenant: Tenant, number: str) -> list[tuple[Any, ...]]:
    with tenant_scope(tenant):
        rows = ShipmentCharge.objects.filter(shipment__number=number, side="cost").order_by("id")
        names = [
            "charge_code__code",
            "description",
            "unit_price",
            "tax_code__code",
            "supplier__code",
            "supplier_number",
        ]
        return list(rows.values_list(*names))


def told(operator: Visitor, number: int) -> str:
    """What the page of the upload says."""
    return plain(operator.text("upload", number))


def plain(page: str) -> str:
    """Without its tags."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())


def test_ocean_bill_tells_in_its_dry_run_what_it_is_and_touches_nothing(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])

    page = told(operator, checked(operator, OCEAN))

    assert "Read as EDIFACT: 1 message. Each row below is what one message says of one shipment." in page
    assert "Bill BL-90017 of Blue Line Shipping (BLUELINE), 4 March 2026, 2,700.50 AUD. EDIFACT INVOIC D.96A" in page
    assert "Found by B/L BLUE123456789." in page
    assert "Charge code OFR (Ocean freight) of BLUELINE is not known. Match it, then check again." in page
    assert "Not used: FTX (segment 5); element 2.3 of NAD (segments 8, 10); element 3.2 of LIN" in page
    assert page.count("A new supplier: Blue Line Shipping.") == 1
    assert "Checked, not imported" in page
    assert costs(company, "SHP-1") == []


def test_ocean_bill_becomes_costs_with_supplier_and_number_once_its_codes_are_matched(
    company: Tenant, operator: Visitor
) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])
    number = checked(operator, OCEAN)

    operator.post("upload_codes", number, **{"code-1": "FRT"})
    work()
    brought_in(operator, number)

    assert costs(company, "SHP-1") == [
        ("BAF", "Bunker adjustment", Decimal("150.5000"), "GST", "BLUELINE", "BL-90017"),
        ("FRT", "Ocean freight", Decimal("2200.0000"), "GST", "BLUELINE", "BL-90017"),
        ("THC", "Terminal handling", Decimal("350.0000"), "GST", "BLUELINE", "BL-90017"),
    ]
    with tenant_scope(company):
        assert Customer.objects.get(code="BLUELINE").is_supplier
        assert str(ChargeCodeMatch.objects.get()) == "ofr of blueline is FRT FRT charge"


def test_shipment_page_shows_the_costs_with_supplier_and_number(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])
    brought_in(operator, checked(operator, OCEAN))
    with tenant_scope(company):
        page = Shipment.objects.get(number="SHP-1").public_id

    text = plain(operator.text("shipment", page))

    assert "Bunker adjustment Blue Line Shipping BL-90017" in text
    assert "No code Ocean freight Blue Line Shipping BL-90017" in text


def test_remembered_code_matches_the_next_bill_by_itself(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])
    operator.post("upload_codes", checked(operator, OCEAN), **{"code-1": "FRT"})

    page = told(operator, checked(operator, OCEAN.replace("BL-90017", "BL-90018")))

    assert "is not known" not in page
    assert "Bill BL-90018" in page


def test_same_bill_again_changes_nothing_and_a_corrected_one_changes_its_charges(
    company: Tenant, operator: Visitor
) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])
    brought_in(operator, checked(operator, OCEAN))
    before = costs(company, "SHP-1")

    again = checked(operator, OCEAN)
    brought_in(operator, again)
    same = costs(company, "SHP-1")
    corrected = OCEAN.replace("2200", "2100").replace("2550", "2450").replace("2700.50", "2600.50")
    changed = checked(operator, corrected.replace("270.05", "260.05").replace("2970.55", "2860.55"))
    brought_in(operator, changed)

    assert same == before
    assert "0 changed, 1 unchanged" in told(operator, again)
    assert "1 changed, 0 unchanged" in told(operator, changed)
    assert [row[2] for row in costs(company, "SHP-1")] == [Decimal("150.5"), Decimal(2100), Decimal(350)]


def test_match_that_comes_later_fills_the_codes_in_and_doubles_nothing(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])
    brought_in(operator, checked(operator, OCEAN))
    first = [row[0] for row in costs(company, "SHP-1")]

    again = checked(operator, OCEAN)
    operator.post("upload_codes", again, **{"code-1": "FRT"})
    work()
    brought_in(operator, again)

    assert first == ["BAF", None, "THC"]
    assert [row[0] for row in costs(company, "SHP-1")] == ["BAF", "FRT", "THC"]


def test_express_file_has_two_messages_for_two_shipments(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-1", awb=["12511112222"])
    shipment(company, "SHP-2", awb=["125-3333 4444"])
    number = checked(operator, EXPRESS)

    operator.post("upload_codes", number, **{"code-1": "FUEL"})
    work()
    brought_in(operator, number)

    assert [row[:3] for row in costs(company, "SHP-1")] == [
        ("EXP", "", Decimal("80.0000")),
        ("FUEL", "Fuel", Decimal("8.4000")),
    ]
    assert [(row[0], row[2], row[5]) for row in costs(company, "SHP-2")] == [
        ("EXP", Decimal("40.1000"), "SW-501"),
        ("EXP", Decimal("-15.0000"), "SW-C9"),
    ]


def test_bill_of_which_one_part_has_no_shipment_is_left_out_whole(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-2", awb=["125-33334444"])

    number = checked(operator, EXPRESS)
    page = told(operator, number)
    brought_in(operator, number)

    assert "No shipment is known by AWB 125-11112222. Add the reference to its shipment" in page
    assert "Another part of it cannot be taken (row 1), so nothing of it is" in page
    assert [row[5] for row in costs(company, "SHP-2")] == ["SW-C9"]


def test_reference_that_is_added_is_found_when_the_file_is_checked_again(company: Tenant, operator: Visitor) -> None:
    number = checked(operator, OCEAN)
    before = told(operator, number)
    shipment(company, "SHP-1", bl=["123456789"])

    operator.post("upload_codes", number)
    work()

    assert "No shipment is known by B/L BLUE123456789, booking BK-5501" in before
    assert "Found by B/L BLUE123456789." in told(operator, number)


def test_freight_invoices_of_several_carriers_come_in_from_one_interchange(company: Tenant, operator: Visitor) -> None:
    shipment(company, "BOL-7781")
    shipment(company, "SHP-2", currency="USD", po=["9"])
    shipment(company, "LOAD-33", currency="USD")
    shipment(company, "SHP-4", bl=["1Z55512345"])
    number = checked(operator, x12(LTL, TRUCKLOAD, PARCEL, marks="|^~"), "freight.210")
    before = told(operator, number)
    with tenant_scope(company):
        CustomerFactory(code="PRCL", name="Parcel People", is_supplier=True)
    matched = {"code-0": "FRT", "code-1": "FUEL", "code-2": "THC", "code-3": "FRT", "code-4": "FRT", "code-5": "DOC"}

    operator.post("upload_codes", number, **matched)
    work()
    page = told(operator, number)
    brought_in(operator, number)

    assert "Nobody is known by this code, and the file has no name for it." in before
    assert "Nobody is known" not in page
    assert "The message names no currency; it was taken as AUD." in page
    assert "K1 (segment 9)" in page
    found = [
        (row[0], row[2], row[4], row[5]) for name in ("BOL-7781", "LOAD-33", "SHP-4") for row in costs(company, name)
    ]
    assert found == [
        ("FRT", Decimal("369.0000"), "HLND", "118843217"),
        ("FUEL", Decimal("74.2500"), "HLND", "118843217"),
        ("THC", Decimal("40.0000"), "HLND", "118843217"),
        ("FRT", Decimal("1250.0000"), "RDGR", "TL-9"),
        ("FRT", Decimal("10.0000"), "PRCL", "PC-1"),
        ("DOC", Decimal("-1.0000"), "PRCL", "PC-1"),
    ]


def test_bill_that_does_not_add_up_is_refused_with_both_figures(company: Tenant, operator: Visitor) -> None:
    shipment(company, "BOL-7781")

    number = checked(operator, x12(LTL.replace("*4000*", "*4100*")))
    page = told(operator, number)
    brought_in(operator, number)

    assert "The message says 483.25 in all, its charges come to 484.25. (B3 element 7, segment 4)" in page
    assert "Refused" in page
    assert costs(company, "BOL-7781") == []


def test_bill_in_another_currency_than_its_shipment_is_refused(company: Tenant, operator: Visitor) -> None:
    shipment(company, "LOAD-33")

    page = told(operator, checked(operator, x12(TRUCKLOAD)))

    assert "Full truck is in USD, the shipment in AUD: it was not taken." in page


def test_cargowise_shipment_is_made_with_its_costs_sales_and_invoice_numbers(
    company: Tenant, operator: Visitor
) -> None:
    number = checked(operator, SHIPMENT_XML, "S00012345.xml")
    page = told(operator, number)
    brought_in(operator, number)

    assert "CustomizedFieldCollection (line" in page
    with tenant_scope(company):
        made = Shipment.objects.select_related("bill_to").get(number="S00012345")
        sales = ShipmentCharge.objects.filter(shipment=made, side="sell").order_by("id")
        sold = list(sales.values_list("charge_code__code", "unit_price", "reference", "supplier"))
    assert (made.origin, made.destination, made.incoterm, made.mode) == ("CNSHA", "AUSYD", "FOB", "sea")
    assert (made.references["bl"], made.references["container"]) == (["HBL-4411"], ["MSKU1234565"])
    assert (made.bill_to.name, made.currency) == ("Blue Mountains Imports", "AUD")
    assert sold == [("FRT", Decimal(1450), "00001234", None), ("DOC", Decimal(85), "", None)]
    assert costs(company, "S00012345") == [("FRT", "Freight", Decimal(1000), None, "MSCSYD", "MSC-77")]


def test_interchange_makes_the_shipment_and_adds_the_transactions_that_name_it(
    company: Tenant, operator: Visitor
) -> None:
    brought_in(operator, checked(operator, INTERCHANGE_XML, "all.xml"))

    bills = [(row[0], row[2], row[3], row[5]) for row in costs(company, "S00012345")]
    assert bills == [
        ("FRT", Decimal(1000), None, "MSC-77"),
        ("THC", Decimal(300), "GST", "MSC-901"),
        ("DOC", Decimal(50), "GST", "MSC-901"),
    ]
    with tenant_scope(company):
        stored = ShipmentCharge.objects.get(reference="00001300")
    assert (stored.side, stored.unit_price) == ("sell", Decimal(120))


def test_report_of_messages_is_a_line_for_each_remark(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])
    number = checked(operator, OCEAN)

    rows = list(csv.reader(io.StringIO(operator.get("upload_rows", number).content.decode("utf-8-sig"))))

    assert rows[0] == ["Row", "Shipment", "Outcome", "Where", "Kind", "Remark"]
    assert rows[1][:5] == ["1", "SHP-1", "new", "Message 1", "note"]
    assert [row[3:5] for row in rows if "OFR" in row[5]] == [["Message 1, LIN, segment 14", "error"]]


def test_import_of_messages_can_be_undone(company: Tenant, operator: Visitor) -> None:
    shipment(company, "SHP-1", bl=["BLUE123456789"])
    number = checked(operator, OCEAN)
    brought_in(operator, number)

    operator.post("upload_undo", number)

    assert costs(company, "SHP-1") == []
    brought_in(operator, checked(operator, OCEAN))
    assert len(costs(company, "SHP-1")) == 3


def test_columns_of_messages_are_not_asked_for(company: Tenant, operator: Visitor) -> None:
    number = checked(operator, OCEAN)

    assert "Match columns" not in operator.text("upload", number)
    assert operator.get("upload_match", number).status_code == 302


def test_viewer_may_look_and_not_match_codes(company: Tenant, operator: Visitor, viewer: Visitor) -> None:
    number = checked(operator, OCEAN)

    assert "disabled" in viewer.text("upload", number).partition('name="code-0"')[2][:200]
    assert viewer.post("upload_codes", number, **{"code-0": "FRT"}).status_code == 403


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("UNB+UNOA:1+A+B+260101:0000+1'UNZ+0+1'", "an EDIFACT interchange without a message"),
        ("ST*210*0001~B3**1~SE*3*0001~", "no ISA segment"),
        ("<?xml version='1.0'?><Order/>", "Of XML, CargoWise"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><UniversalShipment>&a;</UniversalShipment>", "web page or XML"),
        ("<UniversalShipment><!DOCTYPE x></UniversalShipment>", "not well formed"),
    ],
)
def test_messages_that_cannot_be_read_get_a_sentence(
    company: Tenant, operator: Visitor, content: str, sentence: str
) -> None:
    response = choose(operator, content, "bill.edi")

    assert response["Location"] == "/o/acme-freight/import/"
    assert sentence in html.unescape(operator.text("uploads"))
    with tenant_scope(company):
        assert Upload.objects.count() == 0

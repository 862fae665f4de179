from collections.abc import Callable, Iterable
from typing import Any

import pytest

from integrations.reference_data import record_readers
from integrations.reference_data.record_readers import WHOLE_LISTS, Record


@pytest.mark.parametrize(
    ("read", "element", "expected"),
    [
        (
            record_readers.account,
            {"AccountID": "a", "Name": "Bank", "Type": "BANK", "Status": "ARCHIVED"},
            Record(
                key="a",
                code="",
                name="Bank",
                is_active=False,
                data={"class": "", "type": "BANK", "system": "", "tax_type": ""},
            ),
        ),
        (
            record_readers.tax_rate,
            {
                "TaxType": "OUTPUT",
                "Name": "GST",
                "EffectiveRate": 10.5,
                "CanApplyToRevenue": True,
                "CanApplyToAssets": False,
            },
            Record(key="OUTPUT", code="OUTPUT", name="GST", data={"rate": "10.5", "applies_to": ["REVENUE"]}),
        ),
        (
            record_readers.tax_rate,
            {"TaxType": "OLD", "Name": "Old", "Status": "DELETED"},
            Record(key="OLD", code="OLD", name="Old", is_active=False, data={"rate": "0", "applies_to": []}),
        ),
        (record_readers.currency, {"Code": "AUD", "Description": ""}, Record(key="AUD", code="AUD", name="AUD")),
        (
            record_readers.branding_theme,
            {"BrandingThemeID": "b", "Name": "Standard", "SortOrder": 2},
            Record(key="b", code="", name="Standard", data={"sort_order": 2}),
        ),
        (record_readers.item, {"ItemID": "i", "Code": "THC"}, Record(key="i", code="THC", name="THC")),
        (
            record_readers.contact,
            {"ContactID": "c", "Name": "Alok", "AccountNumber": "ALOK", "ContactStatus": "ARCHIVED"},
            Record(
                key="c", code="ALOK", name="Alok", is_active=False, data={"email": "", "number": "", "merged_to": ""}
            ),
        ),
    ],
)
def test_element_becomes_a_record(
    read: Callable[[dict[str, Any]], Iterable[Record]], element: dict[str, Any], expected: Record
) -> None:
    assert list(read(element)) == [expected]


@pytest.mark.parametrize(
    ("category", "option", "is_active"),
    [("ACTIVE", "ACTIVE", True), ("ARCHIVED", "ACTIVE", False), ("ACTIVE", "ARCHIVED", False)],
)
def test_option_of_an_archived_category_is_gone_too(category: str, option: str, is_active: bool) -> None:
    element = {
        "Name": "Branch", "TrackingCategoryID": "t", "Status": category,
        "Options": [{"TrackingOptionID": "o", "Name": "Port", "Status": option}],
    }  # fmt: skip

    (read,) = record_readers.tracking(element)

    assert (read.key, read.code, read.name, read.is_active) == ("o", "Branch", "Port", is_active)


def test_every_list_is_read_whole() -> None:
    assert [resource for _, resource, _ in WHOLE_LISTS] == [
        "Accounts", "TaxRates", "Currencies", "BrandingThemes", "Items", "TrackingCategories",
    ]  # fmt: skip

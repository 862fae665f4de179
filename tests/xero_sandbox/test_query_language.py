from datetime import date
from decimal import Decimal

import pytest

from integrations.xero_sandbox.rules.element_order import OrderTerm, read_order
from integrations.xero_sandbox.rules.query_language import Any, Comparison, Every, TextCall, read_where
from integrations.xero_sandbox.rules.query_tokens import QueryParseError


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ('Type=="ACCREC"', Comparison("type", "==", "ACCREC")),
        ('Type = "ACCREC"', Comparison("type", "==", "ACCREC")),
        ('Type <> "X"', Comparison("type", "!=", "X")),
        ("AmountDue>=10.50", Comparison("amountdue", ">=", Decimal("10.50"))),
        ("Total>-5", Comparison("total", ">", Decimal(-5))),
        ("Date>=DateTime(2026,01,31)", Comparison("date", ">=", date(2026, 1, 31))),
        ('Date<DateTime.Parse("2026-01-31")', Comparison("date", "<", date(2026, 1, 31))),
        ('Contact.ContactID=guid("AB-1")', Comparison("contact.contactid", "==", "ab-1")),
        ("Reference!=null", Comparison("reference", "!=", None)),
        ("IsSupplier==true", Comparison("issupplier", "==", value=True)),
        ("IsSupplier", Comparison("issupplier", "==", value=True)),
        ('Name.Contains("x")', TextCall("name", "contains", "x")),
        ('Name.ToLower().StartsWith("x")==true', TextCall("name", "startswith", "x")),
        ('Name.EndsWith("x")==false', TextCall("name", "endswith", "x", wanted=False)),
        (r'Name=="say \"hi\" \\ there"', Comparison("name", "==", 'say "hi" \\ there')),
        (
            "A==1 AND B==2 and C==3",
            Every(
                (
                    Comparison("a", "==", Decimal(1)),
                    Comparison("b", "==", Decimal(2)),
                    Comparison("c", "==", Decimal(3)),
                )
            ),
        ),
        (
            "A==1 OR B==2 AND C==3",
            Any(
                (
                    Comparison("a", "==", Decimal(1)),
                    Every((Comparison("b", "==", Decimal(2)), Comparison("c", "==", Decimal(3)))),
                )
            ),
        ),
        (
            "(A==1||B==2)&&C==3",
            Every(
                (
                    Any((Comparison("a", "==", Decimal(1)), Comparison("b", "==", Decimal(2)))),
                    Comparison("c", "==", Decimal(3)),
                )
            ),
        ),
    ],
)
def test_filter_is_read(query: str, condition: object) -> None:
    assert read_where(query) == condition


@pytest.mark.parametrize(
    "query",
    [
        "",
        "Type==",
        '=="x"',
        'Type=="x',
        'Type "x"',
        "(A==1",
        "A==1)",
        "A==1 B==2",
        "A.Explode(1)",
        "Date==DateTime(2026,13,1)",
        "Date==DateTime(2026)",
        "Date==DateTime(x)",
        "Id==guid(5)",
        'Name.Contains("x")>true',
        'Name.Contains("x")==5',
        "A==nothing",
        "A # 1",
    ],
)
def test_what_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(QueryParseError):
        read_where(query)


def test_order_is_read() -> None:
    assert read_order("UpdatedDateUTC DESC, InvoiceID") == [
        OrderTerm("updateddateutc", is_descending=True),
        OrderTerm("invoiceid", is_descending=False),
    ]

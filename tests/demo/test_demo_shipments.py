import csv
import io
from datetime import date, datetime

import pytest

from invoices.demo.demo_shipments import demo_export
from invoices.demo.scms_words import HEADER
from invoices.intake.built_in_matches import SCMS
from invoices.intake.propose_match import propose_match
from invoices.intake.read_table import read_table

MARCH = date(2026, 3, 1)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_same_seed_gives_the_same_bytes() -> None:
    assert demo_export(50, seed=1, month=MARCH) == demo_export(50, seed=1, month=MARCH)


@pytest.mark.parametrize(("seed", "month"), [(2, MARCH), (1, date(2026, 4, 1))])
def test_another_seed_or_month_gives_others(seed: int, month: date) -> None:
    assert demo_export(50, seed=seed, month=month) != demo_export(50, seed=1, month=MARCH)


@pytest.mark.parametrize("count", [1, 7, 500])
def test_export_has_so_many_shipments(count: int) -> None:
    found = rows(demo_export(count, seed=1, month=MARCH))

    assert len({row["ASN/DN #"] for row in found}) == count
    assert len({row["ID"] for row in found}) == len(found)


def test_export_is_recognised_as_the_real_one_is() -> None:
    table = read_table(demo_export(20, seed=1, month=MARCH))

    assert table.header == HEADER
    assert propose_match(table.header, table.rows).rules == SCMS.rules


def test_export_has_the_oddities_of_the_real_one() -> None:
    content = demo_export(500, seed=1, month=MARCH)
    freight = {row["Freight Cost (USD)"] for row in rows(content)}

    assert content.startswith(b"\xef\xbb\xbf")
    assert (content.count(b"\n"), content.count(b"\r") > 500) == (0, True)
    assert {"Freight Included in Commodity Cost", "Invoiced Separately"} <= freight
    assert any(text.startswith("See DN-") for text in freight)
    assert any(text.endswith("5") and "." in text for text in freight)


def test_everything_is_delivered_within_the_month() -> None:
    days = {row["Delivered to Client Date"] for row in rows(demo_export(200, seed=1, month=date(2028, 2, 1)))}

    months = {datetime.strptime(day, "%d-%b-%y").date().replace(day=1) for day in days}  # noqa: DTZ007 a date only
    assert months == {date(2028, 2, 1)}


def test_months_do_not_share_numbers() -> None:
    march, april = (rows(demo_export(50, seed=1, month=month)) for month in (MARCH, date(2026, 4, 1)))

    assert not {row["ID"] for row in march} & {row["ID"] for row in april}
    assert not {row["ASN/DN #"] for row in march} & {row["ASN/DN #"] for row in april}

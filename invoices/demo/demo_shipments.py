"""
Believable exports in the shape of the SCMS delivery history, with the oddities of the real one. Pure.

Bare CR as line end, two ways of writing dates, words in columns of money and weight, deliveries over several rows
of which one bears the freight. The same arguments give the same bytes.
"""

import csv
import io
import random
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from invoices.demo.scms_words import COUNTRIES, HEADER, ITEMS, VENDORS, Item

CENT = Decimal("0.01")
INCLUDED, SEPARATELY, NO_WEIGHT = (
    "Freight Included in Commodity Cost",
    "Invoiced Separately",
    "Weight Captured Separately",
)
NO_DATE, NO_QUOTE, FROM_RDC = "Date Not Captured", "Pre-PQ Process", "N/A - From RDC"
# How often, in per cent.
DIRECT, SEVERAL_ROWS, WITHOUT_FREIGHT, WITHOUT_INSURANCE = 48, 20, 17, 3
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Row = dict[str, str]


def demo_export(shipments: int, *, seed: int, month: date) -> bytes:
    """So many different shipments, all delivered in `month`. Numbers begin with the month, so months do not meet."""
    rng = random.Random(f"{seed} {month:%Y-%m}")  # noqa: S311 repeatable on purpose, keeps no secret
    rows = [row for position in range(1, shipments + 1) for row in _delivery(rng, month, position)]
    rng.shuffle(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\r")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _delivery(rng: random.Random, month: date, position: int) -> Iterator[Row]:
    """The rows of one shipment: what they have in common, then what each is worth."""
    is_direct = _happens(rng, DIRECT)
    number = f"{'ASN' if is_direct else 'DN'}-{month:%y%m}{position:05}"
    count = rng.randint(2, 4) if _happens(rng, SEVERAL_ROWS) else 1
    ids = [f"{month:%y%m}{position:05}{row}" for row in range(1, count + 1)]
    shared = _shared(rng, month, number, is_direct=is_direct)
    freight, weight = _freight_and_weight(rng)
    is_elsewhere = count > 1 and freight != INCLUDED
    pointer = f"See {number} (ID#:{ids[0]})"
    for row, row_id in enumerate(ids):
        own = {"Freight Cost (USD)": freight, "Weight (Kilograms)": weight}
        if row and is_elsewhere:
            own = dict.fromkeys(own, pointer)
        yield {"ID": row_id, **shared, **_item_columns(rng, rng.choice(ITEMS)), **own}


def _shared(rng: random.Random, month: date, number: str, *, is_direct: bool) -> Row:
    country, code = rng.choice(COUNTRIES)
    delivered = month.replace(day=rng.randint(1, monthrange(month.year, month.month)[1]))
    has_quote = _happens(rng, 74)
    quoted = delivered - timedelta(days=rng.randint(60, 200))
    digits = rng.randint(1000, 99999)
    return {
        "Project Code": code,
        "PQ #": f"FPQ-{digits}" if has_quote else NO_QUOTE,
        "PO / SO #": f"{'SCMS' if is_direct else 'SO'}-{digits * 10}",
        "ASN/DN #": number,
        "Country": country,
        "Managed By": "PMO - US" if _happens(rng, 97) else f"{country} Field Office",
        "Fulfill Via": "Direct Drop" if is_direct else "From RDC",
        "Vendor INCO Term": rng.choice(("EXW", "EXW", "DDP", "FCA", "CIP")) if is_direct else FROM_RDC,
        "Shipment Mode": rng.choice(("Air", "Air", "Air", "Truck", "Air Charter", "Ocean", "N/A")),
        "PQ First Sent to Client Date": _short(quoted) if has_quote else rng.choice((NO_QUOTE, NO_DATE)),
        "PO Sent to Vendor Date": (_short(quoted) if _happens(rng, 90) else NO_DATE) if is_direct else FROM_RDC,
        "Scheduled Delivery Date": _named(delivered.replace(day=rng.randint(1, 28))),
        "Delivered to Client Date": _named(delivered),
        "Delivery Recorded Date": _named(delivered),
        "Vendor": rng.choice(VENDORS) if is_direct else "SCMS from RDC",
    }


def _freight_and_weight(rng: random.Random) -> tuple[str, str]:
    if _happens(rng, WITHOUT_FREIGHT):
        words = INCLUDED if _happens(rng, 80) else SEPARATELY
        return words, NO_WEIGHT if _happens(rng, 80) else str(rng.randint(1, 3000))
    return _amount(rng, most=30_000), str(rng.randint(1, 20_000))


def _item_columns(rng: random.Random, item: Item) -> Row:
    quantity, pack_price = rng.randint(1, 60_000), Decimal(_amount(rng, most=90))
    value = quantity * pack_price
    insurance = (value * Decimal("0.0016")).quantize(CENT)
    has_insurance = not _happens(rng, WITHOUT_INSURANCE)
    return {
        "Product Group": item.group,
        "Sub Classification": item.classification,
        "Item Description": item.description,
        "Molecule/Test Type": item.molecule,
        "Brand": item.brand,
        "Dosage": item.dosage,
        "Dosage Form": item.form,
        "Unit of Measure (Per Pack)": str(item.per_pack),
        "Line Item Quantity": str(quantity),
        "Line Item Value": _plain(value),
        "Pack Price": _plain(pack_price),
        "Unit Price": _plain((pack_price / item.per_pack).quantize(CENT)),
        "Manufacturing Site": item.site,
        "First Line Designation": rng.choice(("Yes", "Yes", "No")),
        "Line Item Insurance (USD)": _plain(insurance) if has_insurance else "",
    }


def _amount(rng: random.Random, *, most: int) -> str:
    """Often ending in five hundredths: a tenth of it is half a cent, which must be rounded up."""
    cents = rng.randint(100, most * 100)
    return _plain(Decimal(cents - cents % 10 + 5 if _happens(rng, 30) else cents) / 100)


def _plain(amount: Decimal) -> str:
    """As the real export writes it: 28461.1, and 320 for 320.00."""
    return f"{amount.normalize():f}"


def _short(day: date) -> str:
    return f"{day.month}/{day.day}/{day:%y}"


def _named(day: date) -> str:
    return f"{day.day}-{MONTHS[day.month - 1]}-{day:%y}"


def _happens(rng: random.Random, per_cent: int) -> bool:
    return rng.randrange(100) < per_cent

"""
A month of a freight forwarder's jobs, in the columns of our own template, with faults planted on purpose. Pure.

Bookings with several charges, in the company's currency and in others with their rates; warehouse jobs that charge
their cost centres. The same arguments give the same bytes.
"""

import csv
import io
import random
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from invoices.demo.demo_trade import CONTAINERS, STORED, Lane, Party, Trade
from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS
from invoices.intake.upload_template import template_fields

# Every so many shipments one has a fault; the kinds take turns.
FAULT_EVERY = 20
CODE_OF_NOBODY = "MISC9"
WAREHOUSE_PER_CENT, FOREIGN_PER_CENT = 22, 30
NEW_CUSTOMER = "WALKIN"
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """
    `field`: what the shipment's readiness must complain of first, by the names of `domain/readiness.py`; it is the
    subject of the first of `Shipment.readiness_problems`.
    """

    shipment: str
    field: str


@dataclass(frozen=True, slots=True)
class ForwarderExport:
    content: bytes
    planted: tuple[PlantedFault, ...]


def forwarder_export(trade: Trade, shipments: int, *, seed: int, month: date) -> ForwarderExport:
    """So many jobs, all begun in `month`. Numbers begin with the trade's prefix and the month."""
    rng = random.Random(f"{seed} {trade.prefix} {month:%Y-%m}")  # noqa: S311 repeatable on purpose, keeps no secret
    jobs = [_job(rng, trade, month, position) for position in range(1, shipments + 1)]
    planted = tuple(_plant(jobs))
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.title for field in template_fields()], restval="")
    writer.writeheader()
    writer.writerows(row for job in jobs for row in job)
    return ForwarderExport(content=text.getvalue().encode("utf-8-sig"), planted=planted)


def _job(rng: random.Random, trade: Trade, month: date, position: int) -> list[Row]:
    """One row for each charge; what is said of the shipment stands on the first and is repeated on the others."""
    number = f"{trade.prefix}{month:%y%m}-{position:04}"
    customer = rng.choice(trade.customers)
    is_warehouse = rng.randrange(100) < WAREHOUSE_PER_CENT
    day = month.replace(day=rng.randint(1, monthrange(month.year, month.month)[1]))
    shipment = {
        "number": number,
        "customer_code": customer.code,
        "customer_name": customer.name,
        "customer_reference": f"PO-{rng.randint(10_000, 99_999)}",
        "status": rng.choice(("in transit", "arrived", "delivered", "delivered")),
        "branch": rng.choice(trade.branches),
        **(_warehouse(rng, day) if is_warehouse else _booking(rng, trade, day)),
        **_money(rng, trade, is_warehouse=is_warehouse),
    }
    charges = _storage_charges(rng) if is_warehouse else _booking_charges(rng, trade, shipment["mode"])
    return [_titled(shipment, charge, key=f"{number}/{line}") for line, charge in enumerate(charges, start=1)]


def _booking(rng: random.Random, trade: Trade, day: date) -> Row:
    lane: Lane = rng.choice(trade.lanes)
    container = f"{rng.choice(CONTAINERS)}{rng.randint(1_000_000, 9_999_999)}"
    return {
        "job_type": "booking",
        "mode": lane.mode,
        "origin": lane.origin,
        "destination": lane.destination,
        "incoterm": rng.choice(("FOB", "CIF", "EXW", "DAP", "FCA")),
        "shipper_name": lane.shipper,
        "goods": lane.goods,
        "etd_date": day.isoformat(),
        "eta_date": (day + timedelta(days=lane.days)).isoformat(),
        "container" if lane.mode == "sea" else "awb": container if lane.mode == "sea" else f"081-{container[4:]}0",
        "weight_kg": str(Decimal(rng.randint(50, 240_000)) / 10),
        "declared_value": str(Decimal(rng.randint(90_000, 9_000_000)) / 100),
    }


def _warehouse(rng: random.Random, day: date) -> Row:
    return {"job_type": "warehouse", "mode": "", "goods": rng.choice(STORED), "delivery_date": day.isoformat()}


def _money(rng: random.Random, trade: Trade, *, is_warehouse: bool) -> Row:
    if is_warehouse or rng.randrange(100) >= FOREIGN_PER_CENT:
        return {"currency": trade.currency}
    currency, rate = rng.choice(trade.rates)
    return {"currency": currency, "exchange_rate": str(rate + Decimal(rng.randint(-90, 90)) / 10_000)}


def _booking_charges(rng: random.Random, trade: Trade, mode: str) -> Iterator[Row]:
    freight, name = {"sea": ("OFR", "Ocean freight"), "air": ("AFR", "Air freight")}.get(mode, ("RFR", "Road freight"))
    yield _charge(rng, freight, name, most=4800)
    optional = (
        ("THC", "Terminal handling charge", 420),
        ("DOC", "Documentation fee", 95),
        ("CUS", "Customs clearance", 310),
        ("FSC", "Fuel surcharge", 260),
        ("INS", "Cargo insurance", 180),
    )
    for code, text, most in optional[: rng.randint(0, len(optional))]:
        yield _charge(rng, code, text, most=most)
    if rng.randrange(100) < trade.cost_per_cent:
        cost = _charge(rng, freight, f"{name}, carrier", most=3000)
        carrier: Party = rng.choice(trade.carriers)
        supplier = {"supplier_code": carrier.code, "supplier_name": carrier.name, "side": "cost"}
        yield {**cost, **supplier, "supplier_number": f"C{rng.randint(10_000, 99_999)}"}


def _storage_charges(rng: random.Random) -> Iterator[Row]:
    """By the piece and by the pallet, at prices of up to four places whose products must be rounded."""
    picks, pallets = rng.randint(3, 900), rng.randint(1, 120)
    yield {
        "charge_code": "PICKING",
        "description": f"Picking, {picks} lines",
        "quantity": str(picks),
        "unit_price": rng.choice(("0.85", "0.8725", "1.125")),
    }
    yield {
        "charge_code": "STORAGE",
        "description": f"Storage, {pallets} pallets",
        "quantity": str(pallets),
        "unit_price": rng.choice(("4.15", "3.8675", "4.335")),
    }


def _charge(rng: random.Random, code: str, description: str, *, most: int) -> Row:
    """A third of the prices end in five hundredths, of which a tenth is half a cent."""
    cents = rng.randint(1500, most * 100)
    price = Decimal(cents - cents % 10 + 5 if rng.randrange(3) == 0 else cents) / 100
    return {"charge_code": code, "description": description, "quantity": "1", "unit_price": str(price)}


def _titled(shipment: Row, charge: Row, *, key: str) -> Row:
    """Our names become the titles of the template's columns."""
    of_shipment = {SHIPMENT_FIELDS[name].title: value for name, value in {**shipment, "row_key": key}.items()}
    return {**of_shipment, **{CHARGE_FIELDS[name].title: value for name, value in charge.items()}}


def _plant(jobs: list[list[Row]]) -> Iterator[PlantedFault]:
    """Into every twentieth job, or the next one that can have the fault; a foreign currency can lack its rate, say."""
    title = {name: field.title for name, field in {**CHARGE_FIELDS, **SHIPMENT_FIELDS}.items()}
    spoilt = {
        "exchange_rate": (title["exchange_rate"], ""),
        "incoterm": (title["incoterm"], ""),
        "charge_code": (title["charge_code"], CODE_OF_NOBODY),
        "customer": (title["customer_name"], ""),
        "declared_value": (title["declared_value"], ""),
    }
    turn = list(spoilt)
    free_from = FAULT_EVERY // 2
    for position, job in enumerate(jobs):
        field = turn[0]
        column, value = spoilt[field]
        if position < free_from or not job[0].get(column):
            continue
        for row in job[:1] if field == "charge_code" else job:
            row[column] = value
            if field == "customer":
                row[title["customer_code"]] = f"{NEW_CUSTOMER}{position}"
        turn, free_from = [*turn[1:], field], position + FAULT_EVERY
        yield PlantedFault(job[0][title["number"]], field)

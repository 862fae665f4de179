"""Whom the demo's forwarders work for, where their freight goes and what foreign money is worth, as data."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Party:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """`days` from departure to arrival."""

    mode: str
    origin: str
    destination: str
    days: int
    shipper: str
    goods: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """`rates`: currency and its units for one of `currency`. `cost_per_cent`: bookings with a carrier's cost."""

    prefix: str
    currency: str
    rates: tuple[tuple[str, Decimal], ...]
    branches: tuple[str, ...]
    customers: tuple[Party, ...]
    carriers: tuple[Party, ...]
    lanes: tuple[Lane, ...]
    cost_per_cent: int = 35


# What warehouses hold.
STORED = ("Furniture, flat packed", "Garments, on hangers", "Printed books", "Machine parts", "Wine, bottled")
# Owner codes of containers.
CONTAINERS = ("MSKU", "TGHU", "CMAU", "OOLU", "HLXU")

HARBOUR_TRADE = Trade(
    prefix="HHF",
    currency="AUD",
    rates=(("USD", Decimal("0.6512")), ("EUR", Decimal("0.5987")), ("NZD", Decimal("1.0914"))),
    branches=("Sydney", "Melbourne", "Brisbane"),
    customers=(
        Party("BLUE001", "Blue Mountains Imports Pty Ltd"),
        Party("YARRA01", "Yarra Valley Cellars Pty Ltd"),
        Party("CORAL01", "Coral Sea Seafoods Pty Ltd"),
        Party("OUTBK01", "Outback Solar Pty Ltd"),
        Party("TASMN01", "Tasman Furniture Co"),
        Party("WARATAH", "Waratah Medical Supplies Pty Ltd"),
        Party("BONDI01", "Bondi Print & Paper"),
        Party("SNOWY01", "Snowy River Machinery Pty Ltd"),
    ),
    carriers=(Party("CARPAC", "Pacific Star Line"), Party("CARSKY", "Southern Sky Cargo")),
    lanes=(
        Lane(
            mode="sea",
            origin="CNSHA",
            destination="AUSYD",
            days=17,
            shipper="Shanghai Ever Bright Co Ltd",
            goods="Solar panels",
        ),
        Lane(
            mode="sea",
            origin="ITGOA",
            destination="AUMEL",
            days=38,
            shipper="Ceramiche Ligure SpA",
            goods="Ceramic tiles",
        ),
        Lane(
            mode="sea",
            origin="AUSYD",
            destination="NZAKL",
            days=5,
            shipper="Harbour Export Stores",
            goods="Machine parts",
        ),
        Lane(
            mode="air",
            origin="DEFRA",
            destination="AUSYD",
            days=3,
            shipper="Rhein-Main Medizintechnik GmbH",
            goods="Medical devices",
        ),
        Lane(
            mode="air",
            origin="AUMEL",
            destination="SGSIN",
            days=1,
            shipper="Yarra Valley Cellars Pty Ltd",
            goods="Wine, bottled",
        ),
        Lane(
            mode="road",
            origin="AUSYD",
            destination="AUBNE",
            days=2,
            shipper="Snowy River Machinery Pty Ltd",
            goods="Machine parts",
        ),
    ),
)
PENNINE_TRADE = Trade(
    prefix="PH",
    currency="GBP",
    rates=(("EUR", Decimal("1.1726")), ("USD", Decimal("1.2711"))),
    branches=("Bradford", "Felixstowe"),
    customers=(
        Party("AIRED01", "Airedale Textiles Ltd"),
        Party("CALDER1", "Calder Coffee Roasters Ltd"),
        Party("HOLME01", "Holme Moss Paints Ltd"),
        Party("WHARFE1", "Wharfedale Books"),
        Party("DON0001", "Don Valley Engineering Ltd"),
        Party("RIBBLE1", "Ribble & Sons Furniture"),
    ),
    carriers=(Party("CARNSF", "North Sea Ferries Freight"), Party("CARM62", "Trans-Pennine Trucking Ltd")),
    lanes=(
        Lane(
            mode="road",
            origin="GBBRD",
            destination="NLRTM",
            days=2,
            shipper="Airedale Textiles Ltd",
            goods="Garments, on hangers",
        ),
        Lane(
            mode="road",
            origin="PLWAW",
            destination="GBLDS",
            days=4,
            shipper="Meble Mazowsze Sp. z o.o.",
            goods="Furniture, flat packed",
        ),
        Lane(
            mode="sea",
            origin="BRSSZ",
            destination="GBFXT",
            days=21,
            shipper="Santos Café Exportação",
            goods="Coffee, green",
        ),
        Lane(
            mode="sea",
            origin="GBFXT",
            destination="USNYC",
            days=12,
            shipper="Don Valley Engineering Ltd",
            goods="Turbine blades",
        ),
        Lane(
            mode="air",
            origin="GBLBA",
            destination="AEDXB",
            days=2,
            shipper="Holme Moss Paints Ltd",
            goods="Paint, not flammable",
        ),
    ),
)

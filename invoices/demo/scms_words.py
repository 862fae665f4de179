"""What stands in believable deliveries of medicines: countries, goods, who makes them."""

from dataclasses import dataclass

HEADER = (
    "ID", "Project Code", "PQ #", "PO / SO #", "ASN/DN #", "Country", "Managed By", "Fulfill Via", "Vendor INCO Term",
    "Shipment Mode", "PQ First Sent to Client Date", "PO Sent to Vendor Date", "Scheduled Delivery Date",
    "Delivered to Client Date", "Delivery Recorded Date", "Product Group", "Sub Classification", "Vendor",
    "Item Description", "Molecule/Test Type", "Brand", "Dosage", "Dosage Form", "Unit of Measure (Per Pack)",
    "Line Item Quantity", "Line Item Value", "Pack Price", "Unit Price", "Manufacturing Site",
    "First Line Designation", "Weight (Kilograms)", "Freight Cost (USD)", "Line Item Insurance (USD)",
)  # fmt: skip
# Country and project code; some names have a comma or letters beyond ASCII.
COUNTRIES = (
    ("South Africa", "116-ZA-T30"), ("Nigeria", "102-NG-T30"), ("Côte d'Ivoire", "104-CI-T30"),
    ("Vietnam", "108-VN-T30"), ("Uganda", "114-UG-T30"), ("Haiti", "100-HT-T30"), ("Zambia", "110-ZM-T30"),
    ("Mozambique", "111-MZ-T30"), ("Zimbabwe", "113-ZW-T30"), ("Tanzania", "109-TZ-T30"), ("Rwanda", "107-RW-T30"),
    ("Congo, DRC", "101-CD-T30"), ("Guyana", "106-GY-T30"), ("Ethiopia", "117-ET-T30"), ("Kenya", "105-KE-T30"),
    ("Namibia", "112-NA-T30"), ("Ghana", "118-GH-T30"), ("São Tomé", "119-ST-T30"),
)  # fmt: skip
VENDORS = (
    "Northgate Pharma Ltd",
    "Helvetia Generics AG",
    "CHEMBRIDGE DIAGNOSTIC SYSTEMS, INC.",
    "Deccan Laboratories (formerly Deccan Drugs)",
    "Medisud SA, “Filiale Export”",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`per_pack`: tablets in a bottle, tests in a kit."""

    group: str
    classification: str
    description: str
    molecule: str
    brand: str
    dosage: str
    form: str
    per_pack: int
    site: str


ITEMS = (
    Item(
        group="ARV",
        classification="Adult",
        description="Efavirenz 600mg, tablets, 30 Tabs",
        molecule="Efavirenz",
        brand="Generic",
        dosage="600mg",
        form="Tablet",
        per_pack=30,
        site="Deccan Unit III, India",
    ),
    Item(
        group="ARV",
        classification="Pediatric",
        description="Zidovudine 10mg/ml, oral solution w/syringe, Bottle, 240 ml",
        molecule="Zidovudine",
        brand="Generic",
        dosage="10mg/ml",
        form="Oral solution",
        per_pack=240,
        site="Helvetia Basel",
    ),
    Item(
        group="ARV",
        classification="Adult",
        description='Nevirapine 200mg [“Nevilast”], tablets, 60 Tabs, "hospital pack"',
        molecule="Nevirapine",
        brand="Nevilast",
        dosage="200mg",
        form="Tablet",
        per_pack=60,
        site="Northgate, Leeds",
    ),
    Item(
        group="HRDT",
        classification="HIV test",
        description="HIV 1/2, Rapid Kit, Lancets, Capillary pipets, 25 Tests",
        molecule="HIV 1/2, Rapid Kit",
        brand="Rapid",
        dosage="N/A",
        form="Test kit",
        per_pack=25,
        site="CHEMBRIDGE, USA",
    ),
    Item(
        group="ACT",
        classification="ACT",
        description="#10219**Artemether 20mg/Lumefantrine 120mg, tablets, 24 Tabs",
        molecule="Artemether/Lumefantrine",
        brand="Generic",
        dosage="20/120mg",
        form="Tablet - FDC",
        per_pack=24,
        site="Medisud, Dakar",
    ),
)

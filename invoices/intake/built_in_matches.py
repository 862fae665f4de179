"""Column matches that come with FreightBridge, for files whose header is known."""

from dataclasses import dataclass

from invoices.intake.column_match import Combine, DateOrder, FieldRule, MatchRules, charge_column


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInMatch:
    """It is the match of every file that has all of its columns, and others besides."""

    name: str
    rules: MatchRules


# The delivery history of USAID's Supply Chain Management System, a public record of real shipments.
SCMS = BuiltInMatch(
    name="SCMS delivery history",
    rules=MatchRules(
        fields={
            "number": FieldRule(columns=("ASN/DN #",)),
            "row_key": FieldRule(columns=("ID",)),
            "job_type": FieldRule(columns=("Fulfill Via",), values={"from rdc": "warehouse", "direct drop": "booking"}),
            "status": FieldRule(default="delivered"),
            "customer_code": FieldRule(columns=("Project Code",)),
            "customer_name": FieldRule(columns=("Country", "Project Code")),
            "shipper_name": FieldRule(columns=("Vendor",)),
            "po": FieldRule(columns=("PO / SO #",)),
            "quote": FieldRule(columns=("PQ #",), values={"pre-pq process": ""}),
            "mode": FieldRule(
                columns=("Shipment Mode",),
                values={"air charter": "air", "truck": "road", "ocean": "sea", "n/a": "unknown"},
            ),
            "destination": FieldRule(columns=("Country",)),
            "incoterm": FieldRule(columns=("Vendor INCO Term",)),
            "branch": FieldRule(columns=("Managed By",)),
            "goods": FieldRule(columns=("Item Description",), combine=Combine.LIST),
            "weight_kg": FieldRule(columns=("Weight (Kilograms)",), combine=Combine.SUM),
            "declared_value": FieldRule(columns=("Line Item Value",), combine=Combine.SUM),
            "eta_date": FieldRule(columns=("Scheduled Delivery Date",)),
            "delivery_date": FieldRule(columns=("Delivered to Client Date",)),
            "currency": FieldRule(default="USD"),
        },
        charges=(
            charge_column("Freight Cost (USD)", code="FRT", description="Freight", currency="USD"),
            charge_column("Line Item Insurance (USD)", code="INS", description="Insurance", currency="USD"),
        ),
        date_order=DateOrder.MONTH_FIRST,
    ),
)

BUILT_IN = (SCMS,)

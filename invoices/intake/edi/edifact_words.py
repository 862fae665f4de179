"""What the codes in an INVOIC stand for, as far as they matter to a freight bill: from the UN/EDIFACT directories."""

from invoices.intake.edi.freight_message import ReferenceKind, TotalKind

# BGM, document name code → whether it is a credit note. Others are no bills.
DOCUMENTS = {
    "380": False, "780": False, "383": False, "384": False, "393": False, "386": False, "82": False, "84": False,
    "381": True, "83": True, "396": True, "308": True,
}  # fmt: skip
# BGM, message function code: those by which a bill comes in. The same number again changes what came before.
ORIGINAL_FUNCTIONS = frozenset({"", "9", "5", "4", "7", "31", "43"})
CANCELLATIONS = frozenset({"1", "3", "17"})
REFERENCES = {
    "FF": ReferenceKind.SHIPMENT, "SRN": ReferenceKind.SHIPMENT, "SI": ReferenceKind.SHIPMENT,
    "AAO": ReferenceKind.SHIPMENT, "UCN": ReferenceKind.SHIPMENT, "CU": ReferenceKind.SHIPMENT,
    "BN": ReferenceKind.BOOKING,
    "BM": ReferenceKind.BL, "MB": ReferenceKind.BL, "BH": ReferenceKind.BL, "HB": ReferenceKind.BL,
    "AWB": ReferenceKind.AWB, "MWB": ReferenceKind.AWB, "HWB": ReferenceKind.AWB, "AAM": ReferenceKind.AWB,
    "CN": ReferenceKind.PRO,
    "AAQ": ReferenceKind.CONTAINER, "EQ": ReferenceKind.CONTAINER,
    "ON": ReferenceKind.ORDER, "CR": ReferenceKind.ORDER,
}  # fmt: skip
TAX_NUMBERS = frozenset({"VA", "GN", "AHP", "FC"})
# NAD: who wants to be paid, the surest first.
SUPPLIERS = ("II", "SU", "SE", "CA", "PE", "FR")
# MOA: what a line costs before tax, the surest first.
LINE_AMOUNTS = ("203", "66", "38", "23", "125")
ALLOWANCE_AMOUNTS = ("8", "23", "204", "131")
TAXABLE, TAX_AMOUNTS = "125", frozenset({"124", "176"})
# MOA behind UNS.
TOTALS = {
    "77": TotalKind.GROSS, "39": TotalKind.GROSS, "86": TotalKind.GROSS, "9": TotalKind.GROSS,
    "79": TotalKind.LINES, TAXABLE: TotalKind.NET, **dict.fromkeys(TAX_AMOUNTS, TotalKind.TAX),
}  # fmt: skip

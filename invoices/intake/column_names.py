"""What columns are called elsewhere, as data: by these names a file's columns are proposed for our fields."""

import re

# Letters and digits only, so that “Shipment No.” and “shipment_no” are one name.
BETWEEN_WORDS = re.compile(r"[^0-9a-zà-ÿ%#]+")

# Surest first.
SHIPMENT_NAMES: dict[str, tuple[str, ...]] = {
    "number": (
        "shipment number", "shipment no", "shipment #", "shipment id", "shipment", "job number", "job no", "job #",
        "job id", "job", "booking number", "booking no", "booking #", "booking id", "file number", "file no",
        "asn dn #", "delivery number", "consignment number", "consignment no", "consignment", "sendungsnummer",
        "auftragsnummer",
    ),
    "row_key": ("row id", "line id", "row key", "record id", "row no", "charge id", "id"),
    "job_type": ("job type", "shipment type", "type of job", "fulfill via", "service type"),
    "status": ("status", "job status", "shipment status", "milestone"),
    "customer_code": (
        "customer code", "client code", "customer id", "client id", "account number", "account code", "debtor code",
        "debtor", "bill to code", "customer no", "customer number", "local client code", "kundennummer",
        "project code",
    ),
    "customer_name": (
        "customer name", "client name", "customer", "client", "bill to name", "bill to", "debtor name",
        "local client name", "local client", "kunde",
    ),
    "consignee_code": ("consignee code", "consignee id", "receiver code"),
    "consignee_name": ("consignee name", "consignee", "receiver name", "receiver", "empfänger"),
    "buyer_code": ("buyer code", "buyer id"),
    "buyer_name": ("buyer name", "buyer"),
    "shipper_name": (
        "shipper", "shipper name", "consignor", "consignor name", "sender", "exporter", "exporter name", "vendor",
        "absender",
    ),
    "customer_reference": (
        "customer reference", "customer ref", "client reference", "client ref", "your reference", "order reference",
        "cust ref", "reference", "ref",
    ),
    "exporter_reference": ("exporter reference", "exporter ref", "shipper reference", "shipper ref", "shippers ref"),
    "po": (
        "po numbers", "po number", "po no", "po #", "po", "purchase order", "purchase order number", "order number",
        "order numbers", "po so #",
    ),
    "quote": ("quote numbers", "quote number", "quote no", "quote #", "quote", "quotation", "pq #"),
    "bl": (
        "b l numbers", "b l number", "bl number", "bl no", "b l no", "b l", "bl", "bill of lading", "master bill",
        "house bill", "hbl", "mbl", "hbl number", "mbl number",
    ),
    "awb": ("awb numbers", "awb number", "awb no", "awb", "air waybill", "hawb", "mawb", "airway bill"),
    "container": ("container numbers", "container number", "container no", "containers", "container", "container #"),
    "mode": ("mode", "transport mode", "shipment mode", "mode of transport", "transport", "trans mode"),
    "origin": (
        "origin", "from", "port of loading", "pol", "load port", "origin port", "departure port", "loading port",
    ),
    "destination": (
        "destination", "to", "port of discharge", "pod", "discharge port", "destination port", "arrival port",
        "destination country", "country",
    ),
    "incoterm": (
        "incoterm", "incoterms", "inco term", "terms of delivery", "delivery terms", "vendor inco term", "inco",
    ),
    "branch": ("branch", "branch code", "office", "managed by"),
    "department": ("department", "dept", "department code"),
    "goods": (
        "goods", "goods description", "description of goods", "commodity", "cargo", "cargo description",
        "item description",
    ),
    "weight_kg": (
        "weight kg", "weight kilograms", "gross weight kg", "gross weight", "weight", "chargeable weight kg", "kg",
        "actual weight",
    ),
    "declared_value": (
        "value of goods", "declared value", "goods value", "commercial value", "customs value", "cargo value",
        "invoice value", "line item value",
    ),
    "etd_date": ("etd", "departure date", "departure", "estimated departure", "date of departure", "sailing date"),
    "eta_date": ("eta", "arrival date", "arrival", "estimated arrival", "date of arrival", "scheduled delivery date"),
    "delivery_date": (
        "delivery date", "delivered date", "date delivered", "delivered", "delivered on", "pod date",
        "delivered to client date",
    ),
    "currency": ("currency", "currency code", "curr", "ccy", "os currency", "währung"),
    "exchange_rate": ("exchange rate", "ex rate", "rate of exchange", "roe", "fx rate", "kurs"),
    "document": ("becomes", "invoice or quote", "document type", "quote or invoice"),
}  # fmt: skip
CHARGE_NAMES: dict[str, tuple[str, ...]] = {
    "charge_code": ("charge code", "product code", "item code", "service code", "code"),
    "description": ("charge description", "charge name", "service description", "line description", "charge"),
    "quantity": ("quantity", "qty", "units", "menge"),
    "unit_price": ("unit price", "price", "rate", "sell rate", "unit rate", "einzelpreis"),
    "discount_percent": ("discount %", "discount", "discount percent"),
    "tax_code": ("tax code", "tax", "tax type", "gst code", "vat code", "tax rate"),
    "cost_centre": ("cost centre", "cost center", "charge cost centre", "warehouse code"),
    "reference": ("charge reference", "charge ref"),
    "side": ("side", "sell cost", "sell or cost", "ar ap", "revenue cost", "ledger"),
    "currency": ("charge currency", "sell currency"),
    "supplier_code": ("supplier code", "creditor code", "creditor", "vendor code", "supplier"),
    "supplier_name": ("supplier name", "creditor name"),
    "supplier_number": ("supplier invoice number", "supplier invoice", "supplier reference", "creditor invoice"),
}
# The price of a line that is not cut into quantity and unit price.
AMOUNT_NAMES = ("amount", "charge amount", "sell amount", "net amount", "line amount", "total amount", "betrag")
# A column of amounts called so is a charge of its own: words of its name, the code, what the invoice says.
CHARGE_WORDS: tuple[tuple[str, str, str], ...] = (
    ("freight", "FRT", "Freight"),
    ("insurance", "INS", "Insurance"),
    ("terminal handling", "THC", "Terminal handling"),
    ("thc", "THC", "Terminal handling"),
    ("fuel", "FSC", "Fuel surcharge"),
    ("customs clearance", "CLR", "Customs clearance"),
    ("clearance", "CLR", "Customs clearance"),
    ("duty", "DUTY", "Customs duty"),
    ("documentation", "DOC", "Documentation"),
    ("handling", "HDL", "Handling"),
    ("cartage", "CTG", "Cartage"),
    ("delivery fee", "DEL", "Delivery"),
    ("storage", "STORAGE", "Storage"),
    ("picking", "PICKING", "Picking"),
    ("packing", "PACKING", "Packing"),
    ("quarantine", "QUA", "Quarantine"),
    ("demurrage", "DEM", "Demurrage"),
)
AMOUNT_WORDS = frozenset({"amount", "charge", "charges", "cost", "costs", "fee", "fees", "surcharge", "price"})


def plain_name(name: str) -> str:
    return BETWEEN_WORDS.sub(" ", name.casefold()).strip()

"""The words in which files say how, what and how far: mode, job type, status, side of a charge."""

BOOKING, WAREHOUSE = "booking", "warehouse"
AIR, SEA, ROAD, RAIL, COURIER, UNKNOWN = "air", "sea", "road", "rail", "courier", "unknown"
SELL, COST = "sell", "cost"

# Field → our word → the words that mean it. Folded, as `header_row.folded` does it.
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "job_type": {
        BOOKING: ("booking", "shipment", "forwarding", "freight", "forwarding shipment", "import", "export"),
        WAREHOUSE: ("warehouse", "warehouse job", "warehousing", "storage", "3pl", "pick and pack", "whs"),
    },
    "status": {
        "booked": ("booked", "new", "open", "confirmed", "created", "pending"),
        "in transit": ("in transit", "intransit", "departed", "shipped", "on board", "under way", "transit"),
        "arrived": ("arrived", "at destination", "customs cleared", "cleared"),
        "delivered": ("delivered", "completed", "complete", "pod received", "finished"),
        "invoice ready": ("invoice ready", "accounts inv created", "ready to invoice", "to be invoiced"),
        "closed": ("closed", "archived"),
        "cancelled": ("cancelled", "canceled"),
    },
    "mode": {
        AIR: ("air", "air freight", "airfreight", "air charter", "by air", "a"),
        SEA: ("sea", "ocean", "sea freight", "seafreight", "ocean freight", "fcl", "lcl", "vessel", "by sea", "ship"),
        ROAD: ("road", "truck", "road freight", "land", "ftl", "ltl", "trucking", "lorry", "van", "by road"),
        RAIL: ("rail", "train", "rail freight", "by rail"),
        COURIER: ("courier", "express", "parcel", "post", "mail"),
        UNKNOWN: ("unknown", "other"),
    },
    "document": {
        "invoice": ("invoice", "sales invoice", "tax invoice", "inv"),
        "quote": ("quote", "quotation", "estimate", "proposal"),
    },
    "side": {
        SELL: ("sell", "sale", "sales", "revenue", "income", "ar", "receivable", "customer", "out"),
        COST: ("cost", "buy", "purchase", "expense", "ap", "payable", "supplier", "in"),
    },
}
MEANINGS = {
    field: {word: ours for ours, words in choices.items() for word in words} for field, choices in CHOICES.items()
}

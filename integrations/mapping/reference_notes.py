"""All references of a document as notes for its history in Xero: where its reference field has no room for them."""

from integrations.mapping.source import ExportableDocument

# developer.xero.com/documentation/api/accounting/historyandnotes.
LONGEST_NOTE = 2500
# For "References 12 of 12: " and the like.
LONGEST_HEAD = 30


def reference_notes(source: ExportableDocument) -> list[str]:
    """As many notes as it takes; the numbers of the shipments among them. Each reference is whole and stands once."""
    wanted = [*source.customer_references, *source.all_references, *source.shipment_numbers]
    parts: list[str] = []
    for reference in dict.fromkeys(wanted):
        longer = f"{parts[-1]}, {reference}" if parts else reference
        if parts and len(longer) <= LONGEST_NOTE - LONGEST_HEAD:
            parts[-1] = longer
        else:
            parts.append(reference)
    if len(parts) == 1:
        return [f"References: {parts[0]}"]
    return [f"References {number} of {len(parts)}: {text}" for number, text in enumerate(parts, start=1)]

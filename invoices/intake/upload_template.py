"""The file that people start from who have none: a header of our own words, and what each of them means."""

import csv
import io

from invoices.intake.freight_fields import CHARGE_FIELDS, SHIPMENT_FIELDS, Field

FILE_NAME = "freightbridge-shipments.csv"
# Shown as “needed”: without it a row belongs to no shipment.
REQUIRED = {"number"}
# Only where amounts stand in columns of their own.
NOT_IN_TEMPLATE = {CHARGE_FIELDS["currency"].title}


def template_fields() -> list[Field]:
    """In the order of the columns, for the page that explains them."""
    every = (*SHIPMENT_FIELDS.values(), *CHARGE_FIELDS.values())
    return [field for field in every if field.title not in NOT_IN_TEMPLATE]


def template_csv() -> bytes:
    """The header alone, so that no example is uploaded by mistake. UTF-8 with its mark, which Excel needs."""
    text = io.StringIO()
    csv.writer(text).writerow([field.title for field in template_fields()])
    return text.getvalue().encode("utf-8-sig")

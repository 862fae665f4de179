from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.charge_code import ChargeCode, TaxCode
from invoices.models.invoice import Invoice
from invoices.models.shipment import Shipment
from invoices.models.shipment_charge import ShipmentCharge


class InvoiceLine(TenantModel):
    """
    A line of an invoice, with what it was worth when the invoice was drafted.

    `charge` is the charge it was made of; it stays when the invoice is voided and the charge is free again.
    """

    invoice = models.ForeignKey(Invoice, models.CASCADE, db_constraint=False, related_name="lines")
    position = models.PositiveIntegerField()
    shipment = models.ForeignKey(Shipment, models.PROTECT, null=True, db_constraint=False, related_name="invoice_lines")
    charge = models.ForeignKey(ShipmentCharge, models.SET_NULL, null=True, db_constraint=False, related_name="+")
    # On a credit note: the line that it takes back, or a part of it.
    credited_line = models.ForeignKey("self", models.SET_NULL, null=True, db_constraint=False, related_name="credits")
    charge_code = models.ForeignKey(ChargeCode, models.PROTECT, db_constraint=False, related_name="+")
    description = models.CharField(max_length=4000)
    quantity = models.DecimalField(max_digits=13, decimal_places=4)
    unit_price = models.DecimalField(max_digits=16, decimal_places=4)
    discount_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    tax_code = models.ForeignKey(TaxCode, models.PROTECT, db_constraint=False, related_name="+")
    cost_centre = models.CharField(max_length=60, blank=True)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=4)
    net_amount = models.DecimalField(max_digits=16, decimal_places=2)
    tax_amount = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "invoice", "position"], name="invoice_line_position")]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"

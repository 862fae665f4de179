from django.db import models

from freightbridge.tenancy.models import TenantModel
from invoices.models.charge_code import ChargeCode, TaxCode
from invoices.models.customer import Customer
from invoices.models.invoice import Invoice
from invoices.models.shipment import Shipment


class Side(models.TextChoices):
    SELL = "sell", "Sell"
    COST = "cost", "Cost"


class ShipmentCharge(TenantModel):
    """
    Something to be charged for on a shipment, or to be paid.

    `invoice` is the one document that bills it: a charge is never on two. `quote` is the standing quote that offers
    it, which bills nothing.
    """

    shipment = models.ForeignKey(Shipment, models.CASCADE, db_constraint=False, related_name="charges")
    side = models.CharField(max_length=4, choices=Side, default=Side.SELL)
    # Null where an upload named no code: the shipment is then not ready, and says so.
    charge_code = models.ForeignKey(ChargeCode, models.PROTECT, null=True, db_constraint=False, related_name="+")
    description = models.CharField(max_length=500, blank=True)
    quantity = models.DecimalField(max_digits=13, decimal_places=4, null=True)
    unit_price = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    discount_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    tax_code = models.ForeignKey(TaxCode, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    cost_centre = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=255, blank=True)
    supplier = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    supplier_number = models.CharField(max_length=100, blank=True)
    # The row of the file or message it came from, so that the same row again changes this charge and adds none.
    source_key = models.CharField(max_length=100, blank=True)
    invoice = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, editable=False, db_constraint=False, related_name="+"
    )
    quote = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, editable=False, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "shipment", "source_key"],
                condition=~models.Q(source_key=""),
                name="shipment_charge_source_once",
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent__gte=0) & models.Q(discount_percent__lte=100),
                name="shipment_charge_discount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge_code or 'no code'} on {self.shipment_id}"

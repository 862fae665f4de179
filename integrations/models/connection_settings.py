from django.db import models

from freightbridge.tenancy.models import TenantModel
from integrations.models.xero_connection import XeroConnection


class DocumentChoice(models.TextChoices):
    INVOICE = "invoice", "Sales invoice"
    QUOTE = "quote", "Quote"


class SentSides(models.TextChoices):
    """What of a shipment is sent."""

    SALES = "sales", "Sales only"
    BOTH = "sales and costs", "Sales and bills"


class TargetStatus(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    SUBMITTED = "SUBMITTED", "Awaiting approval"
    AUTHORISED = "AUTHORISED", "Approved, awaiting payment"


class UnknownCustomer(models.TextChoices):
    CREATE = "create", "Create the contact in Xero"
    HOLD = "hold", "Hold the document until somebody has matched it"


class CustomerKey(models.TextChoices):
    BILL_TO = "bill to", "Bill-to party"
    CONSIGNEE = "consignee", "Consignee"
    BUYER = "buyer", "Buyer"


class ItemChoice(models.TextChoices):
    NONE = "none", "No item, save where a mapping line names one"
    MATCH = "match", "The item whose code is the charge code, where Xero has it"
    CREATE = "create", "The item whose code is the charge code, created where Xero has none"


class ConnectionSettings(TenantModel):
    """The sending rules of one organisation. Everything that could surprise is off, or as harmless as it can be."""

    connection = models.OneToOneField(XeroConnection, models.CASCADE, db_constraint=False, related_name="settings")
    document = models.CharField(max_length=10, choices=DocumentChoice, default=DocumentChoice.INVOICE)
    sides = models.CharField(max_length=20, choices=SentSides, default=SentSides.SALES)
    target_status = models.CharField(max_length=12, choices=TargetStatus, default=TargetStatus.AUTHORISED)
    customer_key = models.CharField(max_length=12, choices=CustomerKey, default=CustomerKey.BILL_TO)
    unknown_customer = models.CharField(max_length=10, choices=UnknownCustomer, default=UnknownCustomer.HOLD)
    send_customer_reference = models.BooleanField(default=True)
    reference_template = models.CharField(max_length=200, default="{customer_ref}")
    attach_pdf = models.BooleanField(default=True)
    show_pdf_online = models.BooleanField(default=True)
    branding_theme_id = models.UUIDField(null=True, blank=True)
    # Whose numbers, terms and letterhead its documents have; null: the default entity's.
    billing_entity = models.ForeignKey(
        "invoices.BillingEntity", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+"
    )
    default_sales_account = models.CharField(max_length=10, blank=True)
    default_purchase_account = models.CharField(max_length=10, blank=True)
    items = models.CharField(max_length=10, choices=ItemChoice, default=ItemChoice.NONE)
    # What others enter in Xero comes in as freight; all of it only where somebody wants it.
    imports_quotes = models.BooleanField(default=False, db_default=False)
    imports_invoices = models.BooleanField(default=False, db_default=False)
    imports_orders = models.BooleanField(default=False, db_default=False)
    check_payments_minutes = models.PositiveSmallIntegerField(default=15)

    def __str__(self) -> str:
        return f"sending rules of {self.connection}"

from django.db import models
from django.db.models import Case, F, Q, When

from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import TenantModel
from invoices.models.billing_entity import BillingEntity
from invoices.models.customer import Customer

# Without a due date it counts as due when it was issued. Said with CASE: under row-level security PostgreSQL takes
# no condition on a COALESCE to an index, since it does not count that among what cannot leak.
DUE_DAY = Case(When(due_date__isnull=True, then=F("issue_date")), default=F("due_date"))


class InvoiceKind(models.TextChoices):
    QUOTE = "quote", "Quote"
    SALES_INVOICE = "sales invoice", "Sales invoice"
    SALES_CREDIT_NOTE = "sales credit note", "Sales credit note"
    BILL = "bill", "Bill"
    BILL_CREDIT_NOTE = "bill credit note", "Supplier credit note"


class InvoiceStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    VOIDED = "voided", "Voided"


class Invoice(TenantModel):
    """
    A money document that the freight company raises or receives. `domain/lifecycle.py` alone writes `status`.

    `list_state` is a read model: triggers in PostgreSQL keep it at the status and, once approved, at the state of the
    document in Xero, so that a tab of a long list reads by one index.
    """

    kind = models.CharField(max_length=20, choices=InvoiceKind)
    status = models.CharField(max_length=10, choices=InvoiceStatus, default=InvoiceStatus.DRAFT, editable=False)
    billing_entity = models.ForeignKey(BillingEntity, models.PROTECT, db_constraint=False, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, db_constraint=False, related_name="+")
    # Ours, given at approval; a bill carries its supplier's.
    number = models.CharField(max_length=100, blank=True, db_collation="C")
    reference = models.CharField(max_length=255, blank=True)
    issue_date = models.DateField()
    due_date = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    # Units of `currency` for one unit of the base currency; 1 where they are the same.
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=6)
    net_total = models.DecimalField(max_digits=16, decimal_places=2)
    tax_total = models.DecimalField(max_digits=16, decimal_places=2)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    credited_invoice = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="credit_notes"
    )
    # The one that was taken back to be drafted anew as this.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, db_constraint=False, related_name="replaced_by"
    )
    credit_reason = models.CharField(max_length=200, blank=True)
    # The quote that the customer accepted.
    quote = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, db_constraint=False, related_name="invoices_of_quote"
    )
    pdf = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, editable=False, db_constraint=False, related_name="+"
    )
    # What the PDF was made from; another fingerprint means it must be made again.
    pdf_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # Rises when the same invoice is sent again as a new document, which only a person decides.
    export_version = models.PositiveSmallIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    list_state = models.CharField(max_length=10, default=InvoiceStatus.DRAFT, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "billing_entity", "number"],
                condition=~Q(number="") & Q(kind__in=["sales invoice", "sales credit note", "quote"]),
                name="invoice_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | (~Q(number="") & Q(approved_at__isnull=False)),
                name="invoice_approved_has_number",
            ),
            models.CheckConstraint(condition=Q(total=F("net_total") + F("tax_total")), name="invoice_total_adds_up"),
        ]
        indexes = [
            models.Index(F("tenant"), F("issue_date").desc(), F("id").desc(), name="invoice_newest"),
            # By what people filter: of a value that few rows have, the tenant's other rows are not read.
            *(
                models.Index(F("tenant"), F(name), F("issue_date").desc(), F("id").desc(), name=f"invoice_by_{name}")
                for name in ("customer", "list_state", "kind", "currency")
            ),
            models.Index(F("tenant"), DUE_DAY, name="invoice_by_due_day"),
            # Of any billing entity, and of bills too: what a search begins with.
            models.Index(fields=["tenant", "number"], name="invoice_by_number"),
        ]

    def __str__(self) -> str:
        return self.number or f"Draft {self.get_kind_display().lower()}"

    @property
    def is_credit_note(self) -> bool:
        return self.kind in {InvoiceKind.SALES_CREDIT_NOTE, InvoiceKind.BILL_CREDIT_NOTE}

    @property
    def is_purchase(self) -> bool:
        return self.kind in {InvoiceKind.BILL, InvoiceKind.BILL_CREDIT_NOTE}

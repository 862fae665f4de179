from django.db import models
from django.db.models import F, Q

from freightbridge.tenancy.models import TenantModel
from invoices.models.customer import Customer


class JobType(models.TextChoices):
    BOOKING = "booking", "Booking"
    WAREHOUSE = "warehouse", "Warehouse job"


class TransportMode(models.TextChoices):
    AIR = "air", "Air"
    SEA = "sea", "Sea"
    ROAD = "road", "Road"
    RAIL = "rail", "Rail"
    COURIER = "courier", "Courier"
    UNKNOWN = "unknown", "Unknown"


class ShipmentStatus(models.TextChoices):
    """How far the job is in the TMS; the money has a state of its own."""

    BOOKED = "booked", "Booked"
    IN_TRANSIT = "in transit", "In transit"
    ARRIVED = "arrived", "Arrived"
    DELIVERED = "delivered", "Delivered"
    INVOICE_READY = "invoice ready", "Accounts inv created"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class ShipmentDocument(models.TextChoices):
    """What the sell charges become; empty on a shipment: as the sending rules have it."""

    INVOICE = "invoice", "Sales invoice"
    QUOTE = "quote", "Quote"


class Readiness(models.TextChoices):
    """What the last check of the uninvoiced charges said."""

    NOTHING = "nothing", "Nothing to invoice"
    NOT_READY = "not ready", "Not ready"
    READY = "ready", "Ready"


class Shipment(TenantModel):
    """
    A booking or a warehouse job.

    `accounting_state` and `money_state` are read models: triggers in PostgreSQL keep them at the worst of
    the shipment's documents and its readiness, so that a list of a million rows filters by one index.
    """

    number = models.CharField(max_length=60, db_collation="C")
    job_type = models.CharField(max_length=20, choices=JobType, default=JobType.BOOKING)
    status = models.CharField(max_length=20, choices=ShipmentStatus, default=ShipmentStatus.BOOKED)
    bill_to = models.ForeignKey(Customer, models.PROTECT, null=True, db_constraint=False, related_name="+")
    consignee = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+"
    )
    buyer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    shipper_name = models.CharField(max_length=255, blank=True)
    customer_reference = models.CharField(max_length=255, blank=True)
    exporter_reference = models.CharField(max_length=255, blank=True)
    # Further references by kind: {"po": ["SCMS-4"], "quote": [...], "bl": [...], "awb": [...], "container": [...]}
    references = models.JSONField(default=dict, blank=True)
    mode = models.CharField(max_length=10, choices=TransportMode, default=TransportMode.UNKNOWN)
    origin = models.CharField(max_length=100, blank=True)
    destination = models.CharField(max_length=100, blank=True)
    incoterm = models.CharField(max_length=3, blank=True)
    branch = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=60, blank=True)
    goods = models.CharField(max_length=500, blank=True)
    weight_kg = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    declared_value = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    etd_date = models.DateField(null=True, blank=True)
    eta_date = models.DateField(null=True, blank=True)
    delivery_date = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    # Units of `currency` for one unit of the billing entity's base currency, as Xero counts it.
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    document = models.CharField(max_length=10, choices=ShipmentDocument, blank=True)
    do_not_send_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    # Of what the sending rules send; of the two sides each by itself.
    readiness = models.CharField(max_length=10, choices=Readiness, default=Readiness.NOTHING)
    sales_readiness = models.CharField(max_length=10, choices=Readiness, default=Readiness.NOTHING)
    cost_readiness = models.CharField(max_length=10, choices=Readiness, default=Readiness.NOTHING)
    readiness_problems = models.JSONField(default=list)
    # When a check first found that it lacks something.
    not_ready_since = models.DateTimeField(null=True, editable=False)
    # What a search looks through: number and every reference, lower case.
    search_text = models.TextField(blank=True)
    # The day the list is ordered by: departure, else delivery, else creation.
    list_date = models.DateField()
    accounting_state = models.CharField(max_length=20, default=Readiness.NOTHING, editable=False)
    money_state = models.CharField(max_length=20, default="", editable=False)
    # Why it does not go: the code of its first problem, "ready", "moving", or empty.
    cause = models.CharField(max_length=8, default="", editable=False)
    # When something of it went to accounting, by file or through the API, first and last; what was voided counts not.
    first_exported_at = models.DateTimeField(null=True, editable=False)
    last_exported_at = models.DateTimeField(null=True, editable=False)
    is_in_file = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="shipment_number_once")]
        indexes = [
            models.Index(F("tenant"), F("list_date").desc(), F("id").desc(), name="shipment_newest"),
            models.Index(
                F("tenant"), F("accounting_state"), F("list_date").desc(), F("id").desc(), name="shipment_by_state"
            ),
            models.Index(fields=["tenant", "updated_at", "id"], name="shipment_by_change"),
            models.Index(fields=["tenant", "created_at"], name="shipment_by_creation"),
            models.Index(fields=["tenant", "status", "readiness"], name="shipment_by_status"),
            # By what people filter: of a value that few rows have, the tenant's other rows are not read.
            *(
                models.Index(F("tenant"), F(column), F("list_date").desc(), F("id").desc(), name=f"shipment_by_{name}")
                for name, column in {
                    "customer": "bill_to",
                    "money": "money_state",
                    "mode": "mode",
                    "job_type": "job_type",
                    "branch": "branch",
                    "currency": "currency",
                }.items()
            ),
            models.Index(
                F("tenant"),
                F("cause"),
                F("list_date").desc(),
                F("id").desc(),
                condition=~Q(cause=""),
                name="shipment_by_cause",
            ),
            models.Index(
                F("tenant"),
                F("list_date").desc(),
                F("id").desc(),
                condition=Q(is_in_file=True),
                name="shipment_in_file",
            ),
            models.Index(fields=["tenant", "first_exported_at"], name="shipment_first_exported"),
            models.Index(fields=["tenant", "last_exported_at"], name="shipment_last_exported"),
            # In each tab those that went, and those that did not: of either there may be few.
            models.Index(fields=["tenant", "accounting_state", "last_exported_at"], name="shipment_state_exported"),
            # Of one reason, or of what is paid, a tab may have nothing: its rows are not read to see that.
            models.Index(fields=["tenant", "accounting_state", "cause", "money_state"], name="shipment_state_reason"),
        ]

    def __str__(self) -> str:
        return self.number

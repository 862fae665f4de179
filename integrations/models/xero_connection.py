from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q

from freightbridge.access.models import User
from freightbridge.sealed_text import SealedText
from freightbridge.tenancy.models import TenantModel
from freightbridge.tenancy.tenant_manager import DirectoryManager
from integrations.models.xero_grant import XeroGrant


class ConnectionStatus(models.TextChoices):
    CONNECTED = "connected", "Connected"
    NEEDS_RECONNECT = "needs reconnect", "Lost: reconnect"
    DISCONNECTED = "disconnected", "Disconnected"


class XeroConnection(TenantModel):
    """Our link to one organisation in Xero. It outlives a disconnect, with everything that was sent."""

    grant = models.ForeignKey(XeroGrant, models.SET_NULL, null=True, db_constraint=False, related_name="connections")
    # What Xero calls tenantId, and its own id of the connection, which a disconnect names.
    organisation_id = models.UUIDField()
    xero_connection_id = models.UUIDField(null=True)
    status = models.CharField(max_length=20, choices=ConnectionStatus, default=ConnectionStatus.CONNECTED)
    # Where documents go that no routing rule says anything about.
    is_default = models.BooleanField(default=True, db_default=True)
    name = models.CharField(max_length=255)
    short_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)
    base_currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    is_demo_company = models.BooleanField(default=False)
    period_lock_date = models.DateField(null=True)
    year_lock_date = models.DateField(null=True)
    connected_by = models.CharField(max_length=254, blank=True)
    connected_at = models.DateTimeField(null=True)
    disconnected_at = models.DateTimeField(null=True)
    # Why Xero does not accept us any more, for people; both are empty again once it is reconnected.
    lost_at = models.DateTimeField(null=True)
    lost_reason = models.CharField(max_length=200, blank=True)
    last_good_call_at = models.DateTimeField(null=True)
    reference_data_at = models.DateTimeField(null=True)
    reference_data_error = models.TextField(blank=True)
    contacts_read_at = models.DateTimeField(null=True)
    # Up to when what others entered there has been read; set when somebody first wants it.
    found_read_at = models.DateTimeField(null=True)
    payments_checked_at = models.DateTimeField(null=True)
    # When Xero last told us by itself that something there had changed.
    webhook_seen_at = models.DateTimeField(null=True)
    # What came of the last test that a person asked for: the time it took, or why there was no good answer; and from
    # when on another is of use, None where a person must reconnect first.
    tested_at = models.DateTimeField(null=True)
    test_took_ms = models.PositiveIntegerField(null=True)
    test_error = models.TextField(blank=True, default="", db_default="")
    test_again_at = models.DateTimeField(null=True)
    # Makes our mark on a document impossible to guess; it stays the same for the connection's whole life.
    identity_key_sealed = models.BinaryField(default=b"")

    identity_key = SealedText()

    directory = DirectoryManager()

    is_directory = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "organisation_id"], name="connection_organisation_once"),
            # Over all tenants, on purpose: two companies must not write into one set of books.
            models.UniqueConstraint(
                fields=["organisation_id"],
                condition=Q(status__in=["connected", "needs reconnect"]),
                name="connection_active_once",
            ),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(is_default=True, status__in=["connected", "needs reconnect"]),
                name="connection_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_active(self) -> bool:
        """Saved, and not disconnected: documents may be on their way to it."""
        return not self._state.adding and self.status != ConnectionStatus.DISCONNECTED

    @property
    def is_usable(self) -> bool:
        return self.status == ConnectionStatus.CONNECTED


class OAuthState(TenantModel):
    """A consent under way: one use, ten minutes, one person, one session."""

    state_sha256 = models.CharField(max_length=64, unique=True)
    session_sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # What came back, until the person has said that this is the organisation he meant.
    grant = models.ForeignKey(XeroGrant, models.CASCADE, null=True, db_constraint=False, related_name="+")

    directory = DirectoryManager()

    is_directory = True

    def __str__(self) -> str:
        return f"consent of {self.user_id} at {self.made_at:%Y-%m-%d %H:%M}"

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.signals import class_prepared
from django.dispatch import receiver

from freightbridge.tenancy.row_level_security import RowLevelSecurity
from freightbridge.tenancy.scope import current_tenant_id
from freightbridge.tenancy.tenant_foreign_key import TenantForeignKey
from freightbridge.tenancy.tenant_manager import TenantManager


class Tenant(models.Model):
    """A freight company that uses FreightBridge."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    created_at = models.DateTimeField()
    # When everything on the set-up list was done for the first time; until then the menu shows the list.
    setup_done_at = models.DateTimeField(null=True)
    # Nobody opens a page of this company without a second step at his sign-in.
    needs_two_step = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


if TYPE_CHECKING:
    KeyToTenant = models.ForeignKey[Tenant | Combinable, Tenant]
else:
    KeyToTenant = models.ForeignKey


class TenantOfScope(KeyToTenant):
    """The row's tenant, filled in from the scope. Migrations, which have no scope, see a plain foreign key."""

    def get_default(self) -> int:
        return current_tenant_id()

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, arguments, keywords = super().deconstruct()
        return name, "django.db.models.ForeignKey", arguments, keywords


class TenantModel(models.Model):
    """
    A row that belongs to one tenant.

    Its table gets forced row-level security, UNIQUE (tenant, id), and for every foreign key with
    `db_constraint=False` a composite one, without a word in the model: nobody can forget them.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    # No index of its own: UNIQUE (tenant, id) begins with it.
    tenant = TenantOfScope(Tenant, models.PROTECT, related_name="+", editable=False, db_index=False)

    objects = TenantManager()

    is_directory = False

    class Meta:
        abstract = True


@receiver(class_prepared)
def prepare_tenant_model(sender: type[models.Model], **_signal: Any) -> None:
    """Abstract models are prepared too, in Django's eyes; they have no table to protect."""
    if not issubclass(sender, TenantModel) or sender._meta.abstract:
        return
    # A model's own Meta inherits nothing, and its own `directory` manager would stand before `objects`.
    sender._meta.default_manager_name = sender._meta.base_manager_name = "objects"
    sender._meta._expire_cache()  # type: ignore[attr-defined]  # noqa: SLF001 Django has no public name for it
    _add_constraints(sender)


def _add_constraints(sender: type[TenantModel]) -> None:
    name = f"{sender._meta.app_label}_{sender._meta.model_name}"
    constraints: list[models.BaseConstraint] = [
        *sender._meta.constraints,
        models.UniqueConstraint(fields=["tenant", "id"], name=f"{name}_tenant_id"),
        models.UniqueConstraint(fields=["tenant", "public_id"], name=f"{name}_public_id"),
        RowLevelSecurity(name=f"{name}_rows", is_directory=sender.is_directory),
        *(
            TenantForeignKey(name=f"{name}_{field.name}_key", field=field.name)
            for field in sender._meta.local_fields
            if isinstance(field, models.ForeignKey) and not getattr(field, "db_constraint", True)
        ),
    ]
    sender._meta.constraints = constraints
    sender._meta.original_attrs["constraints"] = constraints

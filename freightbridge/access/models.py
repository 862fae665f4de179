import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from freightbridge.access.permissions import Permission
from freightbridge.access.roles import ROLES, VISITING, Role, role_called
from freightbridge.tenancy.models import Tenant, TenantModel
from freightbridge.tenancy.tenant_manager import DirectoryManager


class Theme(models.TextChoices):
    SYSTEM = "system", "As the system has it"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person, who logs in by e-mail and works for one tenant or several."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)
    # Lists with rows that stand close, in every company.
    is_compact = models.BooleanField(default=False)
    # Single letters do something on a page; who speaks to his machine, or types by mistake, turns them off.
    shortcuts_on = models.BooleanField(default=True)
    # Sessions of an earlier round count no more: that is how a person signs out everywhere.
    session_round = models.PositiveIntegerField(default=0)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares it with every session's; a new password and a new round both end the old ones."""
        of_password = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{of_password}{self.session_round or ''}"


class Membership(TenantModel):
    """A person's role in one tenant."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.name, role.title) for role in ROLES.values()])

    directory = DirectoryManager()

    is_directory = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"

    @property
    def granted_role(self) -> Role:
        return role_called(self.role)

    @property
    def is_visit(self) -> bool:
        """No row of the company's, but somebody of support who looks for a while."""
        return self.role == VISITING.name

    def has_permission(self, permission: Permission) -> bool:
        return permission in self.granted_role.permissions


class Invitation(TenantModel):
    """
    A role in a tenant that is offered to an address. It is open until it is accepted or revoked, or runs out.

    The token stands in the mail alone; of it only the SHA-256 is kept, from the moment at which a worker sends it.
    `asked_at`: when the mail was asked for last; `failed_at`: we could not send it.
    """

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=[(role.name, role.title) for role in ROLES.values()])
    token_sha256 = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    directory = DirectoryManager()

    is_directory = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
        ]
        indexes = [models.Index(fields=["token_sha256"], name="invitation_by_token")]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    @property
    def granted_role(self) -> Role:
        return ROLES[self.role]


class ApiKey(TenantModel):
    """
    Lets another system call the API for one tenant. `key_id` may be shown; of the secret only its SHA-256 is kept.

    A use is counted in `window_count` since `window_began_at`, which the rate limit asks for.
    """

    name = models.CharField(max_length=100)
    key_id = models.CharField(max_length=8)
    secret_sha256 = models.CharField(max_length=64)
    # Values of `api_scopes.Scope`.
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    window_began_at = models.DateTimeField(null=True)
    window_count = models.PositiveIntegerField(default=0)

    directory = DirectoryManager()

    is_directory = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key_id"], name="api_key_id_once")]
        indexes = [models.Index(fields=["key_id"], name="api_key_by_id")]

    def __str__(self) -> str:
        return self.name


def tenants_of(user: User) -> list[Tenant]:
    """The companies a person may enter, by name. Call it inside `directory_scope`."""
    memberships = Membership.directory.filter(user=user).select_related("tenant")
    return sorted((membership.tenant for membership in memberships), key=lambda tenant: tenant.name)

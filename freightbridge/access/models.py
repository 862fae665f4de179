import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from freightbridge.access.permissions import Permission
from freightbridge.access.roles import ROLES, Role
from freightbridge.tenancy.models import Tenant, TenantModel
from freightbridge.tenancy.tenant_manager import DirectoryManager


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

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email


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
        return ROLES[self.role]

    def has_permission(self, permission: Permission) -> bool:
        return permission in self.granted_role.permissions


def tenants_of(user: User) -> list[Tenant]:
    """The companies a person may enter, by name. Call it inside `directory_scope`."""
    memberships = Membership.directory.filter(user=user).select_related("tenant")
    return sorted((membership.tenant for membership in memberships), key=lambda tenant: tenant.name)

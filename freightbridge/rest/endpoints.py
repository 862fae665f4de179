"""What an endpoint is: declared once, it is served, checked and documented by the same words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from freightbridge.access.api_scopes import Scope
from freightbridge.access.models import ApiKey, User
from freightbridge.rest.json_shapes import Member, Record
from freightbridge.tenancy.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that was let in, inside its tenant's scope. `query` and `body` have every field that is declared."""

    tenant: Tenant
    key: ApiKey
    now: datetime
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    file: UploadedFile | None = None
    idempotency_key: str = ""

    @property
    def person(self) -> User:
        """Who made the key, and answers for what it does."""
        return self.key.made_by

    @property
    def by(self) -> str:
        """For audit events."""
        return f"API key {self.key.name} ({self.key.key_id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`location`: where what was made can be read, below the API's root."""

    body: Any
    location: str = ""


Do = Callable[..., Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """
    `path` below the root, in Django's form. `do(call, **parts of the path)` raises RefusedCallError, Http404.

    A POST takes an Idempotency-Key, always; `takes_file` one file as `multipart/form-data`, in the field `file`.
    """

    method: str
    path: str
    name: str
    summary: str
    scope: Scope
    do: Do
    answers: Record
    about: str = ""
    status: HTTPStatus = HTTPStatus.OK
    query: Mapping[str, Member] = field(default_factory=dict)
    body: Record | None = None
    takes_file: bool = False
    is_list: bool = False

    @property
    def needs_idempotency_key(self) -> bool:
        return self.method == "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Endpoints about one thing, as the documentation has them."""

    title: str
    about: str
    endpoints: Sequence[Endpoint]

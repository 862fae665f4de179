"""What is said once in a corner of the page stands under the bell too: read already, but not lost (B.2)."""

import uuid
from contextlib import nullcontext
from typing import Any

from django.contrib.messages import ERROR
from django.contrib.messages.storage.fallback import FallbackStorage

from freightbridge.access.models import Membership
from freightbridge.clock import read_clock
from freightbridge.notices.leave_notice import leave_notice
from freightbridge.tenancy.scope import is_in_tenant_scope, tenant_scope


class KeptMessages(FallbackStorage):
    def add(self, level: int, message: Any, extra_tags: str | None = "") -> None:
        super().add(level, message, extra_tags)
        membership = getattr(self.request, "membership", None)
        if membership is None or level >= ERROR:
            return
        # A page that calls another system has no scope open while it speaks.
        with nullcontext() if is_in_tenant_scope() else tenant_scope(membership.tenant_id):
            if not Membership.objects.filter(pk=membership.pk).exists():
                # Who has just left a company has no bell there any more.
                return
            now = read_clock()
            leave_notice([membership], str(message), key=f"said {uuid.uuid4()}", now=now, read_at=now)

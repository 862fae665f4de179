"""Mail and notices as tests leave and read them."""

from typing import Any

from freightbridge.access.models import Membership
from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.notices.leave_mail import leave_mail
from freightbridge.notices.leave_notice import leave_notice
from freightbridge.notices.mail_kinds import MailKind
from freightbridge.notices.models import Mail, Notice
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.xero_company import run_queue

LOST: dict[str, Any] = {
    "organisation": "Harbour & Hinterland", "reason": "Xero <says> so", "lost_at": None, "waiting": 3,
    "address": "http://localhost:8000/o/acme-freight/settings/xero/",
}  # fmt: skip


def write(tenant: Tenant, *, key: str = "1", **changes: Any) -> None:
    """To everybody who works there: that the connection is lost."""
    with tenant_scope(tenant):
        leave_mail(
            MailKind.CONNECTION_LOST,
            list(Membership.objects.select_related("user").order_by("id")),
            template="connection_lost",
            context={**LOST, "lost_at": read_clock(), **changes},
            key=key,
            tenant=tenant,
            now=read_clock(),
        )


def tell(tenant: Tenant, text: str, *, to: str, address: str = "", key: str = "") -> Notice:
    with tenant_scope(tenant):
        members = Membership.objects.filter(user__email=to)
        leave_notice(members, text, key=key or text, now=read_clock(), address=address)
        return Notice.objects.get(membership__user__email=to, key=key or text)


def send_mails() -> None:
    run_queue(Queue.POLL)


def come_due(tenant: Tenant) -> None:
    """As if every wait for the mail server were over."""
    with tenant_scope(tenant):
        Mail.objects.filter(sent_at=None).update(next_at=read_clock())
        WorkItem.objects.filter(kind="send mails").update(next_at=read_clock())


def mails(tenant: Tenant, *fields: str) -> list[Any]:
    with tenant_scope(tenant):
        return list(Mail.objects.order_by("id").values_list(*fields, flat=len(fields) == 1))


def told(tenant: Tenant, email: str) -> list[str]:
    """What stands under a person's bell, oldest first."""
    with tenant_scope(tenant):
        notices = Notice.objects.filter(membership__user__email=email).order_by("id")
        return list(notices.values_list("text", flat=True))

"""What was told long ago is not kept for ever."""

from datetime import datetime

from freightbridge.current_times import current_times
from freightbridge.notices.mail_times import MailTimes
from freightbridge.notices.models import Mail, Notice


def forget_old(*, now: datetime) -> None:
    """In the tenant's scope."""
    oldest = now - current_times(MailTimes).keep
    Notice.objects.filter(at__lt=oldest).delete()
    Mail.objects.filter(made_at__lt=oldest).delete()

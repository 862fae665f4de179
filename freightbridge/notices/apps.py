from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Tells people what happened: under the bell, and by mail."""

    name = "freightbridge.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind  # noqa: PLC0415 see below
        from freightbridge.notices.leave_mail import SEND_MAILS  # noqa: PLC0415 models must be loaded first
        from freightbridge.notices.send_waiting_mails import (  # noqa: PLC0415 likewise
            send_waiting_mails,
            sending_mails_gave_up,
        )

        register_kind(WorkKind(name=SEND_MAILS, queue=Queue.POLL, do=send_waiting_mails, give_up=sending_mails_gave_up))

from django.apps import AppConfig


class RestConfig(AppConfig):
    """The ground of the API: keys, strict input, problems, replies kept by their Idempotency-Key."""

    name = "freightbridge.rest"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind  # noqa: PLC0415 see below
        from freightbridge.rest.clear_replies import (  # noqa: PLC0415 models must be loaded first
            CLEAR_REPLIES,
            clear_replies,
            clearing_gave_up,
        )

        register_kind(WorkKind(name=CLEAR_REPLIES, queue=Queue.POLL, do=clear_replies, give_up=clearing_gave_up))

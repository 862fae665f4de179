from django.apps import AppConfig


class OutboundEventsConfig(AppConfig):
    """Tells other systems what happened: signed, in order of need, until they have it."""

    name = "freightbridge.outbound_events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind  # noqa: PLC0415 see below
        from freightbridge.outbound_events.announce import DELIVER_EVENTS  # noqa: PLC0415 models must be loaded first
        from freightbridge.outbound_events.deliver_events import deliver_events, delivering_gave_up  # noqa: PLC0415

        register_kind(WorkKind(name=DELIVER_EVENTS, queue=Queue.POLL, do=deliver_events, give_up=delivering_gave_up))

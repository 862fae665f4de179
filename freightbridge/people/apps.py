from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The pages of people: who works here, how one joins, one's own profile."""

    name = "freightbridge.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from freightbridge.access.invitations import SEND_INVITATION  # noqa: PLC0415 models must be loaded first
        from freightbridge.background_work.work_kinds import Queue, WorkKind, register_kind  # noqa: PLC0415 see above
        from freightbridge.people.send_invitation import send_invitation, sending_gave_up  # noqa: PLC0415 likewise

        register_kind(
            WorkKind(name=SEND_INVITATION, queue=Queue.INTERACTIVE, do=send_invitation, give_up=sending_gave_up)
        )

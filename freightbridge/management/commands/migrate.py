from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from freightbridge.tenancy.migrate_as_owner import OWNER
from freightbridge.tenancy.render_changed_models import render_changed_models_only


class Command(migrate.Command):
    """Django's own, with the owner's connection as its default: the app's role owns no table."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER)

    def handle(self, *arguments: object, **options: object) -> None:
        with render_changed_models_only():
            super().handle(*arguments, **options)

import psycopg2
from django.core.management.base import BaseCommand, CommandError, CommandParser

from freightbridge import environment
from freightbridge.database_roles import make_roles_and_database


class Command(BaseCommand):
    help = "Makes the roles, the database and the extensions on a PostgreSQL of one's own. Safe to repeat."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="superuser_url", required=True, metavar="URL", help="a superuser's URL")

    def handle(self, *, superuser_url: str, **_options: object) -> None:
        try:
            make_roles_and_database(
                superuser_url=superuser_url,
                app_url=environment.text("DATABASE_URL"),
                owner_url=environment.text("DATABASE_OWNER_URL"),
            )
        except (psycopg2.Error, environment.EnvironmentVariableError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The roles, the database and its extensions stand.")

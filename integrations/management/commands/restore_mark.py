"""Says that the database was restored from a backup: Xero is asked before anything is sent."""

from typing import Any

from django.core.management.base import BaseCommand

from integrations.outbox.mark_restored import mark_restored


class Command(BaseCommand):
    help = "After a restore from a backup, before the workers start: every unfinished job is looked up in Xero first."

    def handle(self, **_options: Any) -> None:
        for tenant, count in mark_restored().items():
            self.stdout.write(f"{tenant}: {count} unfinished jobs will be looked up in Xero.")

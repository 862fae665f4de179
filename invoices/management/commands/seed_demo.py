from django.core.management.base import BaseCommand, CommandError

from freightbridge.tenancy.models import Tenant
from invoices.demo.main_job import MainJobError
from invoices.demo.seed_company import seed_all
from invoices.demo.wait_for_workers import WorkersTooSlowError


class Command(BaseCommand):
    help = "Fills an empty database with the demo's companies; its workers and the sandbox must be running."

    def handle(self, **_options: object) -> None:
        if Tenant.objects.exists():
            raise CommandError("This database has companies in it; the demo seeds an empty one only.")
        try:
            seed_all(say=self.stdout.write)
        except (MainJobError, WorkersTooSlowError) as error:
            raise CommandError(str(error)) from error

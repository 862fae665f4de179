"""For a person who has lost his telephone and his recovery codes, and has proved by another way who he is."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F

from freightbridge.access.models import User


class Command(BaseCommand):
    help = "Takes the second step and the passkeys off an account, and ends its sessions; the password stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **_options: Any) -> None:
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}.")
        count, _ = Authenticator.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
        self.stdout.write(f"{count} second steps of {user.email} are taken off, and its sessions have ended.")

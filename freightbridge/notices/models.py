from django.db import models
from django.db.models import F, Q

from freightbridge.access.models import Membership
from freightbridge.notices.mail_kinds import CHOICES
from freightbridge.tenancy.models import TenantModel

MAIL_KINDS = [(kind.value, choice.label) for kind, choice in CHOICES.items()]


class Tone(models.TextChoices):
    DONE = "done", "Done"
    TROUBLE = "trouble", "Trouble"


class Notice(TenantModel):
    """Something that one person is told under the bell. `address`: the page that shows it; empty: there is none."""

    membership = models.ForeignKey(Membership, models.CASCADE, db_constraint=False, related_name="notices")
    # Names the occasion: the same one is told once.
    key = models.CharField(max_length=120)
    text = models.CharField(max_length=300)
    tone = models.CharField(max_length=10, choices=Tone, default=Tone.DONE)
    address = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership", "key"], name="notice_once")]
        indexes = [
            models.Index(F("tenant"), F("membership"), F("id").desc(), name="notice_newest"),
            models.Index(fields=["tenant", "membership"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text


class Mail(TenantModel):
    """
    One mail to one person, written with what it tells of and sent by a worker: the row is the claim of its occasion,
    so that the same one is told once. Its words are emptied as soon as they are not needed any more.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=30, choices=MAIL_KINDS)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    # How often the mail server certainly did not take it.
    refused_count = models.PositiveSmallIntegerField(default=0)
    # How often it was begun; committed before, so that a beginning whose end nobody saw is counted too.
    begun_count = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership", "kind", "key"], name="mail_once")]
        indexes = [
            models.Index(
                F("tenant"), F("next_at"), F("id"), condition=Q(sent_at=None, gave_up_at=None), name="mail_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class MailSwitchedOff(TenantModel):
    """A person does not want mail of this kind about this company."""

    membership = models.ForeignKey(Membership, models.CASCADE, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=30, choices=MAIL_KINDS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "membership", "kind"], name="mail_off_once")]

    def __str__(self) -> str:
        return self.kind

"""
How long the delivery waits for what. Pure.

Xero keeps an idempotency key for six minutes from the first call, and an answer that was lost may stand for a
document that is saved minutes later (developer.xero.com/documentation/guides/idempotent-requests/idempotency,
unconfirmed). So a second create goes out only after `quiet`, and only after `quiet_ticks` beats of a heart that no
wrong clock can hurry.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from freightbridge.scaled_times import LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTimes:
    # What a lost answer is given before anybody looks.
    settle: timedelta = timedelta(seconds=90)
    quiet: timedelta = timedelta(seconds=480)
    quiet_ticks: int = 24
    tick: timedelta = timedelta(seconds=20)
    # A job that waits for its PDF is woken by it; this only bounds the wait should the wake-up be lost.
    pdf_wait: timedelta = timedelta(minutes=5)
    first_retry: timedelta = timedelta(seconds=5)
    longest_retry: timedelta = timedelta(minutes=15)
    # Between the intent's commit and the first byte: whoever slept longer must not send any more. However fast time
    # runs, a process must be able to send at all.
    send_within: timedelta = field(default=timedelta(seconds=5), metadata={LEAST: timedelta(seconds=1)})

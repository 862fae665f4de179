"""
How long the delivery waits for what. Pure.

Xero keeps an idempotency key for six minutes from the first call, and an answer that was lost may stand for a
document that is saved minutes later (developer.xero.com/documentation/guides/idempotent-requests/idempotency,
unconfirmed). So a second create goes out only after `quiet`, and only after `quiet_ticks` beats of a heart that no
wrong clock can hurry.
"""

from dataclasses import dataclass, fields, replace
from datetime import timedelta


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
    # Between the intent's commit and the first byte: whoever slept longer must not send any more.
    send_within: timedelta = timedelta(seconds=5)

    def divided_by(self, scale: float) -> "DeliveryTimes":
        """Every span, shorter by `scale`; ticks are a count and stay, since each comes sooner."""
        spans = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "quiet_ticks"}
        shorter = {name: span / scale for name, span in spans.items()}
        # A process must be able to send at all.
        return replace(self, **{**shorter, "send_within": max(shorter["send_within"], timedelta(seconds=1))})

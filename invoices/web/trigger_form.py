"""The forms of what makes a shipment go: the company's statuses, and the schedule of an organisation."""

import re
from datetime import time
from typing import Any

from django import forms

from integrations.models import SendSchedule
from integrations.models.send_schedule import ScheduleMode
from invoices.models import SendTriggers
from invoices.models.shipment import ShipmentStatus

BETWEEN_TIMES = re.compile(r"[,;\s]+")
MOST_TIMES = 24
DAY_MINUTES = 24 * 60


class TimesField(forms.CharField):
    """Times of the day with commas between, each once and in order."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        words = [word for word in BETWEEN_TIMES.split(str(super().clean(value))) if word]
        return sorted({_time(word) for word in words})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != (data or ""))


class TriggerForm(forms.ModelForm):
    statuses = forms.MultipleChoiceField(
        label="Shipments are sent at these statuses",
        choices=ShipmentStatus.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="At these the shipment form offers “Send to Accounting when saved”, and only what stands at one of "
        "them goes by itself. The button Send to Accounting works at every status.",
    )

    class Meta:
        model = SendTriggers
        fields = ["statuses", "is_automatic"]
        labels = {"is_automatic": "Send by itself as soon as a shipment reaches one of these statuses"}
        help_texts = {
            "is_automatic": "A customer can have it otherwise: see “Goes by itself” on the customer. What could not "
            "go stands in the shipment's history, with the reason.",
        }

    def __init__(self, *arguments: Any, has_schedule: bool = False, **options: Any) -> None:
        """`has_schedule`: of this organisation or another, something goes by schedule."""
        super().__init__(*arguments, **options)
        self.has_schedule = has_schedule

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("is_automatic") or self.has_schedule) and not cleaned.get("statuses"):
            self.add_error("statuses", "Choose at least one, or nothing can go by itself.")
        return cleaned


class ScheduleForm(forms.ModelForm):
    at_times = TimesField(
        label="Times of the day", required=False, help_text="With commas between, such as 08:00, 12:30, 17:00."
    )

    class Meta:
        model = SendSchedule
        fields = ["mode", "every_minutes", "at_times"]
        labels = {"mode": "Schedule", "every_minutes": "Every … minutes"}
        help_texts = {"mode": "It sends what is ready at the statuses above."}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["every_minutes"].widget.attrs |= {"min": 1, "max": DAY_MINUTES}

    def clean_every_minutes(self) -> int:
        minutes = int(self.cleaned_data["every_minutes"])
        if not 1 <= minutes <= DAY_MINUTES:
            raise forms.ValidationError("Between 1 and 1440 minutes.")
        return minutes

    def clean_at_times(self) -> list[str]:
        times: list[str] = self.cleaned_data["at_times"]
        if len(times) > MOST_TIMES:
            raise forms.ValidationError(f"At most {MOST_TIMES} times a day.")
        return times

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("mode") == ScheduleMode.AT_TIMES and cleaned.get("at_times") == []:
            self.add_error("at_times", "Say at which times.")
        return cleaned


def _time(word: str) -> str:
    hours, colon, minutes = word.replace(".", ":").partition(":")
    try:
        return time(int(hours), int(minutes) if colon else 0).isoformat("minutes")
    except (ValueError, OverflowError) as error:
        raise forms.ValidationError(f"{word} is no time of the day; write it as 17:30.") from error

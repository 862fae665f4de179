"""Twenty organisations under Xero's real limits in virtual minutes: what each got through."""

from typing import Any

from tests.benchmarks.scratch_program import tell_inside

ORGANISATIONS, DOCUMENTS, MINUTES = 20, 190, 3


def play() -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415 Django first

    from tests.benchmarks.journal_counts import counts_by_organisation  # noqa: PLC0415
    from tests.benchmarks.quota_of_twenty import send_from_all  # noqa: PLC0415

    began = send_from_all(organisations=ORGANISATIONS, documents=DOCUMENTS, minutes=MINUTES)
    return counts_by_organisation(settings.XERO_API_BASE_URL, began=began, minutes=MINUTES)


if __name__ == "__main__":
    tell_inside(play)

"""What is wrong with one element of a request, and what is only odd."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    """Collected while an element is read; Xero tells all of them at once."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, message: str) -> None:
        if message and message not in self.errors:
            self.errors.append(message)

    def warn(self, message: str) -> None:
        if message not in self.warnings:
            self.warnings.append(message)


class UnknownRecordError(Exception):
    """The request names a record that is not there: 404 for the request, as HTML."""

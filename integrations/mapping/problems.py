"""What stands in the way of a document, for a person to mend."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    `code` names its entry in the problem catalogue; `subject` is what must be mended (the charge code, the
    customer …), so that all documents with the same code and subject wait for the same mend.
    """

    code: str
    subject: str
    words: tuple[tuple[str, str], ...] = ()

    @property
    def named_words(self) -> dict[str, str]:
        return dict(self.words)


def problem(code: str, subject: str = "", **words: str) -> Problem:
    return Problem(code=code, subject=subject, words=tuple(words.items()))

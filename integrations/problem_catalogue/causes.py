"""Which problems wait for the same mend: one cause, however many documents and shipments have it."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from integrations.mapping.problems import Problem
from integrations.problem_catalogue.codes import CATALOGUE, MendPage

WORD_OF_PAGE = {MendPage.CUSTOMERS: "customer", MendPage.CHARGES: "charge_code", MendPage.TAXES: "tax_code"}
# What must be mended stands in this word; of other codes all problems together are one cause.
WORD_OF_CODE = {"FB-401": "text", "FB-402": "currency", "FB-409": "ours", "FB-410": "prefix", "FB-501": "xero"}
SIDED = {MendPage.CHARGES, MendPage.TAXES}


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseKey:
    """`subject`: what must be mended. `side` is "sales" or "purchases" where it makes a difference."""

    code: str
    subject: str
    side: str

    @property
    def public_id(self) -> UUID:
        """The same for the same cause for ever: its address holds while its shipments come and go."""
        text = f"{self.code}|{self.subject}|{self.side}"
        return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])

    @property
    def page(self) -> MendPage:
        return CATALOGUE[self.code].page


@dataclass(frozen=True, slots=True)
class Naming:
    """How the causes of a code are told apart. `word` empty: they are not."""

    code: str
    word: str
    has_side: bool


NAMINGS = tuple(
    Naming(code, WORD_OF_CODE.get(code, WORD_OF_PAGE.get(entry.page, "")), entry.page in SIDED)
    for code, entry in CATALOGUE.items()
)
BY_CODE = {naming.code: naming for naming in NAMINGS}


def cause_of_problem(problem: Problem, *, side: str) -> CauseKey:
    """The cause that it belongs to. `side`: of its document, for a problem that does not say so itself."""
    naming, words = BY_CODE[problem.code], problem.named_words
    return CauseKey(
        code=problem.code,
        subject=words.get(naming.word) or problem.subject if naming.word else "",
        side=words.get("side", side) if naming.has_side else "",
    )

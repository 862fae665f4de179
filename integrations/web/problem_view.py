"""A problem as a page shows it: the sentence, whose turn it is, and the one link that mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from freightbridge.tenancy.models import Tenant
from integrations.mapping.problems import Problem
from integrations.problem_catalogue.codes import MendedBy, MendPage
from integrations.problem_catalogue.describe import describe, from_json
from integrations.web.mend_address import NEEDED, About, label_on_document, mend_address


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """
    `alias`: ImpexDocs' text. `mend_address` is empty where nobody but us can mend it. `mend_here`: what its button says
    on the document's own page, where that is the page that mends it.
    """

    code: str
    title: str
    text: str
    alias: str
    xero_text: str
    mended_by: MendedBy
    mend: str
    mend_here: str
    mend_address: str
    needs: str


@dataclass(frozen=True, slots=True)
class SupportText:
    """`code` is quoted on the telephone; `text` goes into a ticket."""

    code: str
    text: str


def support_text(problems: Iterable[ProblemView], *, number: str, code: str) -> SupportText:
    """All that support needs to find it, in a few lines (F47)."""
    lines = [f"Document {number}, support code {code}"]
    for problem in problems:
        lines.append(f"{problem.code} {problem.title}: {problem.text}")
        if problem.xero_text:
            lines.append(f"Xero: {problem.xero_text}")
    return SupportText(code, "\n".join(lines))


def problem_views(
    problems: Iterable[dict[str, Any]],
    *,
    tenant: Tenant,
    shipment_id: UUID | None = None,
    invoice_id: UUID | None = None,
) -> list[ProblemView]:
    """The public ids of the shipment and the document that they are about, where there is one of each."""
    about = About(shipment_id=shipment_id, invoice_id=invoice_id)
    return [_view(from_json(data), tenant, about) for data in problems]


def problem_sentence(problems: list[dict[str, Any]]) -> str:
    """The first one, and how many more there are: what fits into a row of a list."""
    if not problems:
        return ""
    first = describe(from_json(problems[0])).text
    return f"{first} (and {len(problems) - 1} more)" if len(problems) > 1 else first


def _view(problem: Problem, tenant: Tenant, about: About) -> ProblemView:
    described = describe(problem)
    page = described.entry.page
    return ProblemView(
        code=described.code,
        title=described.entry.title,
        text=described.text,
        alias=described.alias,
        xero_text=described.xero_text,
        mended_by=described.entry.mended_by,
        mend="Edit the shipment" if page == MendPage.SHIPMENT else described.entry.mend,
        mend_here=label_on_document(problem),
        mend_address=mend_address(problem, tenant, about),
        needs=NEEDED[page].name.lower() if page in NEEDED else "",
    )

"""The reference of a document, by the tenant's template."""

import re
from dataclasses import dataclass

LONGEST = 255
FIELD = re.compile(r"\{(\w+)\}")
FIELDS = ("customer_ref", "all_refs", "shipment", "shipments", "number")


@dataclass(frozen=True, slots=True)
class FittedReference:
    """`overflows`: something that the template asks for found no room."""

    text: str
    overflows: bool


class ReferenceTemplateError(Exception):
    """The template names a field that does not exist; the message lists those that do."""


def check_template(template: str) -> None:
    unknown = [name for name in FIELD.findall(template) if name not in FIELDS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise ReferenceTemplateError(f"There is no field {{{unknown[0]}}}. Use {known}.")


def reference_text(
    template: str,
    *,
    number: str,
    customer_references: tuple[str, ...],
    all_references: tuple[str, ...],
    shipment_numbers: tuple[str, ...],
    longest: int = LONGEST,
) -> FittedReference:
    """
    Xero takes 255 characters (4,000 on quotes); of a longer list the first that fit stand there, and how
    many more there are. Raises ReferenceTemplateError.
    """
    check_template(template)
    lists = {"customer_ref": customer_references, "all_refs": all_references, "shipments": shipment_numbers}
    single = {"shipment": shipment_numbers[0] if shipment_numbers else "", "number": number}
    count = max(map(len, lists.values()), default=0)
    text = ""
    for kept in range(max(count, 1), 0, -1):
        filled = {**single, **{name: _some(values, kept) for name, values in lists.items()}}
        text = _tidy(FIELD.sub(lambda match, filled=filled: filled[match[1]], template))  # type: ignore[misc]
        if len(text) <= longest:
            return FittedReference(text, overflows=kept < count)
    return FittedReference(text[: longest - 1] + "…", overflows=True)


def _some(values: tuple[str, ...], kept: int) -> str:
    shown = ", ".join(values[:kept])
    rest = len(values) - min(kept, len(values))
    return f"{shown} + {rest} more" if rest and shown else shown


def _tidy(text: str) -> str:
    """An empty field leaves neither a gap nor a stray separator behind."""
    return re.sub(r"\s{2,}", " ", text).strip(" -/,;|·")

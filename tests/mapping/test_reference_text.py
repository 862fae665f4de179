import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.reference_text import FIELDS, ReferenceTemplateError, check_template, reference_text

texts = st.text(max_size=300)
lists = st.lists(st.text(min_size=1, max_size=80), max_size=60).map(tuple)
templates = st.lists(
    st.one_of(st.sampled_from([f"{{{name}}}" for name in FIELDS]), st.sampled_from([" / ", " - ", ", ", "Ref "])),
    max_size=8,
).map("".join)


def text_of(template: str, **fields: object) -> str:
    given_fields: dict[str, object] = {
        "number": "INV-1", "customer_references": ("PO-7",), "all_references": ("PO-7", "AWB-1"),
        "shipment_numbers": ("DN-1", "DN-2"), **fields,
    }  # fmt: skip
    return reference_text(template, **given_fields).text  # type: ignore[arg-type]


@given(template=templates, customer=texts, references=lists, shipments=lists, longest=st.sampled_from([255, 4000]))
def test_text_never_exceeds_what_xero_takes(
    template: str, customer: str, references: tuple[str, ...], shipments: tuple[str, ...], longest: int
) -> None:
    text = text_of(
        template,
        customer_references=(customer,),
        all_references=references,
        shipment_numbers=shipments,
        longest=longest,
    )

    assert len(text) <= longest


@given(references=st.lists(st.text("ABC123", min_size=8, max_size=12), min_size=1, max_size=80, unique=True))
def test_list_tells_how_many_it_leaves_out(references: list[str]) -> None:
    text = text_of("{all_refs}", all_references=tuple(references))

    shown, _, rest = text.partition(" + ")
    kept = shown.split(", ")
    assert kept == references[: len(kept)]
    assert len(kept) + int(rest.removesuffix(" more") or 0) == len(references)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{customer_ref}", "PO-7"),
        ("{number} / {shipment}", "INV-1 / DN-1"),
        ("{shipments}", "DN-1, DN-2"),
        ("{all_refs}", "PO-7, AWB-1"),
        ("Freight for {customer_ref}", "Freight for PO-7"),
        ("", ""),
        ("{customer-ref}", "{customer-ref}"),
    ],
)
def test_template_is_filled_in(template: str, expected: str) -> None:
    assert text_of(template) == expected


@pytest.mark.parametrize(
    "template", ["{customer_ref} / {shipment}", "{customer_ref} - {shipment}", "{customer_ref}, {shipment}"]
)
def test_empty_field_leaves_no_separator_behind(template: str) -> None:
    assert text_of(template, customer_references=()) == "DN-1"


def test_field_inside_a_value_is_not_filled_in() -> None:
    assert text_of("{customer_ref}", customer_references=("{number}",)) == "{number}"


def test_single_value_that_is_too_long_is_cut_visibly() -> None:
    text = text_of("{customer_ref}", customer_references=("x" * 300,))

    assert text == "x" * 254 + "…"


def test_unknown_field_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ReferenceTemplateError, match=r"no field \{po\}\. Use \{customer_ref\}, \{all_refs\}"):
        check_template("{customer_ref} {po}")

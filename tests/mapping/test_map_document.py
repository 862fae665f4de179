import pytest

from integrations.mapping.document_identity import DocumentMark
from integrations.mapping.map_document import map_document
from integrations.mapping.source import to_json
from integrations.problem_catalogue.describe import describe
from tests.mapping.mapping_cases import case_names, read, rules_of, source_of

MARK = DocumentMark("MARKMARKMARKMARK", "https://freight.example")


@pytest.mark.parametrize("case", case_names())
def test_mapping_case(case: str) -> None:
    source, rules = source_of(read(f"{case}/source.json")), rules_of(read(f"{case}/rules.json"))
    expected = read(f"{case}/expected.json")

    result = map_document(source, rules=rules, mark=MARK)

    told = [describe(problem) for problem in result.problems]
    problems = [{"code": one.code, "text": one.text} | ({"alias": one.alias} if one.alias else {}) for one in told]
    mapped = to_json(result.document) if result.document else {}
    assert problems == expected.get("problems", [])
    assert {name: mapped.get(name) for name in expected.get("document", {})} == expected.get("document", {})


def test_usual_document_becomes_what_xero_will_hold() -> None:
    source = source_of({})

    document = map_document(source, rules=rules_of({}), mark=MARK).document

    assert document is not None
    assert to_json(document) == {
        "kind": "sales invoice",
        "customer_code": "MURRAY01",
        "number": "INV-00042",
        "reference": "PO-7781",
        "issue_date": "2026-03-02",
        "due_date": "2026-04-01",
        "currency": "AUD",
        "exchange_rate": "1",
        "url": MARK.url,
        "branding_theme_id": "",
        "target_status": "AUTHORISED",
        "lines": [
            {
                "description": "Air freight Sydney to Auckland · DN-304",
                "quantity": "1",
                "unit_amount": "1250.00",
                "discount_percent": "0",
                "account_code": "200",
                "tax_type": "OUTPUT",
                "item_code": "",
                "net_amount": "1250.00",
                "tax_amount": "125.00",
                "account_origin": "from charge code FRT",
                "tax_origin": "from tax code GST",
                "tracking": [],
            }
        ],
        "net_total": "1250.00",
        "tax_total": "125.00",
    }


def test_same_problem_on_many_lines_is_told_once() -> None:
    line = read("usual_source.json")["lines"][0] | {"charge_code": "DOC"}
    source = source_of({"lines": [line] * 5})

    problems = map_document(source, rules=rules_of({}), mark=MARK).problems

    assert [problem.code for problem in problems] == ["FB-301"]

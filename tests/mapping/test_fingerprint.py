from dataclasses import replace

from integrations.mapping.fingerprint import fingerprint
from tests.mapping.mapping_cases import source_of


def test_order_of_fields_does_not_matter() -> None:
    assert fingerprint({"a": "1", "b": ["2"]}) == fingerprint(dict(reversed({"a": "1", "b": ["2"]}.items())))


def test_every_change_changes_it() -> None:
    usual = source_of({})

    prints = {fingerprint(usual), fingerprint(replace(usual, number="INV-2")), fingerprint(replace(usual, lines=()))}

    assert len(prints) == 3

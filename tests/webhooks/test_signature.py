import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.webhooks.signature import is_signed
from tests.webhooks.xero_messages import signed

BODY = b'{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}'
SIGNATURE = "wcOLdy5OczU/5w5H8lzkPt8JdwIxZ8V5IrhHyLlMz3M="


def test_signature_is_base64_of_the_hmac_over_the_raw_body() -> None:
    assert is_signed(BODY, SIGNATURE, keys=["webhook-key"])


@pytest.mark.parametrize("keys", [["webhook-key", "new"], ["new", "webhook-key"]])
def test_either_of_two_keys_will_do_while_one_is_replaced(keys: list[str]) -> None:
    assert is_signed(BODY, SIGNATURE, keys=keys)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "é",
        SIGNATURE.lower(),
        SIGNATURE[:-1],
        f"{SIGNATURE} ",
        base64.b64decode(SIGNATURE).hex(),
        signed(BODY, "another-key"),
        signed(BODY + b"\n"),
    ],
)
def test_anything_else_is_refused(signature: str) -> None:
    assert not is_signed(BODY, signature, keys=["webhook-key", "new"])


def test_nothing_is_signed_without_a_key() -> None:
    assert not is_signed(BODY, signed(BODY, ""), keys=[])


@given(body=st.binary(), other=st.binary(), key=st.text(min_size=1))
def test_signature_fits_its_own_body_alone(body: bytes, other: bytes, key: str) -> None:
    assert is_signed(body, signed(body, key), keys=[key])
    assert is_signed(other, signed(body, key), keys=[key]) == (body == other)

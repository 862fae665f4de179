import pytest
from django.db import transaction

from freightbridge.transactions import TransactionError, refuse_transaction, require_transaction

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_belongs_to_a_transaction_is_refused_without_one() -> None:
    with pytest.raises(TransactionError, match="there is none"):
        require_transaction()
    with transaction.atomic():
        require_transaction()


def test_what_must_stay_out_of_a_transaction_is_refused_inside_one() -> None:
    refuse_transaction()
    with transaction.atomic(), pytest.raises(TransactionError, match="never called inside"):
        refuse_transaction()

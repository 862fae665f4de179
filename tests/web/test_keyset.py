import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.ui.keyset import Order, Page, keyset_page
from invoices.models import Customer
from tests.conftest import make_tenant
from tests.freight_factories import CustomerFactory

BY_NAME = {falls: Order(("name", "id"), falls=falls) for falls in (False, True)}


def walk(order: Order, size: int) -> tuple[list[list[int]], list[list[int]]]:
    """Every page to the end, and every page back to the beginning."""
    there, page = [], keyset_page(Customer.objects.all(), order=order, size=size)
    there.append([row.pk for row in page.rows])
    while page.following:
        page = keyset_page(Customer.objects.all(), order=order, after=page.following.partition("=")[2], size=size)
        there.append([row.pk for row in page.rows])
    back = [there[-1]]
    while page.preceding:
        page = keyset_page(Customer.objects.all(), order=order, before=page.preceding.partition("=")[2], size=size)
        back.append([row.pk for row in page.rows])
    return there, back


class PagesTest(TestCase):
    """Hypothesis makes a transaction for each example, so this is a class of its."""

    @given(names=st.lists(st.sampled_from("abc"), max_size=9), size=st.integers(1, 4), falls=st.booleans())
    @settings(max_examples=30, deadline=None)
    def test_pages_show_each_row_once_in_order_there_and_back(self, names: list[str], size: int, falls: bool) -> None:
        with tenant_scope(make_tenant("paged")):
            for name in names:
                CustomerFactory(name=name)
            there, back = walk(BY_NAME[falls], size)
            rows = Customer.objects.order_by("-name", "-id") if falls else Customer.objects.order_by("name", "id")

            assert [pk for page in there for pk in page] == list(rows.values_list("pk", flat=True))
            assert list(reversed(back)) == there
            assert all(len(page) == size for page in there[:-1])


@pytest.mark.parametrize("text", ["x", "W10", "WyJhIl0", "eyJhIjoxfQ", "WyJhIiwieCJd", "%%%", "WzEsMiwzXQ"])
def test_edge_that_cannot_be_read_means_the_first_page(in_tenant: Tenant, text: str) -> None:
    CustomerFactory.create_batch(2)

    page = keyset_page(Customer.objects.all(), order=BY_NAME[False], after=text, size=5)

    assert (len(page.rows), page.following, page.preceding) == (2, "", "")


@pytest.mark.parametrize("falls", [True, False])
def test_page_among_what_was_found_is_the_page_of_what_was_found(in_tenant: Tenant, falls: bool) -> None:
    """There, further on, and back."""
    found = Customer.objects.filter(pk__in=[one.pk for one in CustomerFactory.create_batch(9)[::2]])

    def page_at(neighbour: str) -> Page[Customer]:
        side, _, edge = neighbour.partition("=")
        at = {side: edge} if side else {}
        page = keyset_page(Customer.objects.all(), among=found, order=BY_NAME[falls], size=2, **at)
        assert page == keyset_page(found, order=BY_NAME[falls], size=2, **at)
        return page

    first = page_at("")
    second = page_at(first.following)
    third = page_at(second.following)

    assert [len(page.rows) for page in (first, second, third)] == [2, 2, 1]
    assert page_at(third.preceding).rows == second.rows


def test_dictionaries_page_like_rows(in_tenant: Tenant) -> None:
    CustomerFactory.create_batch(3)

    page = keyset_page(Customer.objects.values("name", "id"), order=BY_NAME[False], size=2)

    assert (len(page.rows), page.following.startswith("after=")) == (2, True)

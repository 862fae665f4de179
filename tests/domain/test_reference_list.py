from invoices.domain.reference_list import all_references, search_text


def test_references_are_each_listed_once_in_the_order_people_look_for_them() -> None:
    found = all_references(
        customer_reference=" PO-1 ",
        by_kind={"other": ["X"], "awb": ["123-4", ""], "po": ["PO-1", "PO-2 "], "strange": ["never shown"]},
    )

    assert found == ["PO-1", "PO-2", "123-4", "X"]


def test_nothing_is_no_reference() -> None:
    assert all_references(customer_reference=" ", by_kind={}) == []


def test_search_text_is_lower_case_and_one_a_line() -> None:
    assert search_text(number="DN-304", references=["PO-1", "dn-304", "", "PO-1"]) == "dn-304\npo-1"

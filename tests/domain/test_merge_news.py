"""Only what nobody has touched here follows the news."""

import pytest

from invoices.domain.merge_news import merge_news


@pytest.mark.parametrize(
    ("standing", "applied", "news", "changes", "conflicts"),
    [
        ("a", "a", "a", {}, ()),
        ("a", "a", "b", {"x": "b"}, ()),
        ("mine", "a", "a", {}, ()),
        ("mine", "a", "b", {}, ("x",)),
        ("b", "a", "b", {}, ()),
        ("", "", "b", {"x": "b"}, ()),
        ("mine", "", "b", {}, ("x",)),
    ],
)
def test_news_changes_what_nobody_touched(
    standing: str, applied: str, news: str, changes: dict[str, str], conflicts: tuple[str, ...]
) -> None:
    merged = merge_news(standing={"x": standing}, applied={"x": applied}, news={"x": news})

    assert (merged.changes, merged.conflicts) == (changes, conflicts)

"""Pages by key: which rows stand on one, and where the next and the earlier begin."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from processes.ground.paging import Cursor, Page, cursor, cut

ROWS = list(range(1, 8))


def read(at: Cursor[int] | None, limit: int = 3) -> Page[int]:
    """A page of `ROWS`, read as storage reads them: one row more than shown, backwards if asked."""
    if at is None:
        rows: Sequence[int] = ROWS
    elif at.back:
        rows = [one for one in reversed(ROWS) if one < at.key]
    else:
        rows = [one for one in ROWS if one > at.key]
    return cut(rows[: limit + 1], limit, at)


@pytest.mark.parametrize(
    ("at", "items", "earlier", "more"),
    [
        (None, [1, 2, 3], False, True),
        (Cursor(3), [4, 5, 6], True, True),
        (Cursor(6), [7], True, False),
        (Cursor(4), [5, 6, 7], True, False),
        (Cursor(7), [], True, False),
        (Cursor(7, back=True), [4, 5, 6], True, True),
        (Cursor(4, back=True), [1, 2, 3], False, True),
        (Cursor(3, back=True), [1, 2], False, True),
        (Cursor(1, back=True), [], False, True),
    ],
)
def test_a_page_knows_its_rows_and_whether_there_are_others_on_either_side(
    at: Cursor[int] | None, items: list[int], earlier: bool, more: bool
) -> None:
    page = read(at)
    assert (list(page.items), page.earlier, page.more) == (items, earlier, more)


def test_the_edges_of_a_page_lead_on_only_where_something_is_there() -> None:
    assert (read(None).first, read(None).last) == (None, 3)
    assert (read(Cursor(3)).first, read(Cursor(3)).last) == (4, 6)
    assert (read(Cursor(6)).first, read(Cursor(6)).last) == (7, None)
    assert (read(Cursor(7)).first, read(Cursor(7)).last) == (None, None)
    assert (read(Cursor(1, back=True)).first, read(Cursor(1, back=True)).last) == (None, None)


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
def test_all_pages_together_are_the_list_in_both_directions(limit: int) -> None:
    there: list[Page[int]] = [read(None, limit)]
    while (last := there[-1].last) is not None:
        there.append(read(Cursor(last), limit))
    assert [row for page in there for row in page.items] == ROWS
    back: list[Page[int]] = [there[-1]]
    while (first := back[0].first) is not None:
        back.insert(0, read(Cursor(first, back=True), limit))
    assert [list(page.items) for page in back] == [list(page.items) for page in there]


def test_a_place_is_behind_one_row_or_before_another_and_before_counts() -> None:
    assert cursor(None, None) is None
    assert cursor(3, None) == Cursor(3)
    assert cursor(None, 3) == Cursor(3, back=True)
    assert cursor(2, 3) == Cursor(3, back=True)


@pytest.mark.parametrize("key", [0, "", False])
def test_a_key_that_looks_like_nothing_is_a_key(key: object) -> None:
    assert cursor(key, None) == Cursor(key)
    assert cursor(None, key) == Cursor(key, back=True)

"""The words by which a case is found: what is stored of a text."""

from __future__ import annotations

import pytest

from processes.storage.search import LONGEST, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Peta Jalan", ["jalan", "peta"]),
        ("Énergi énergi", ["energi"]),
        ("REK-2026-0012", ["0012", "20260012", "rek20260012"]),
        ("B_1/x", ["1x", "b1x", "x"]),
        (" – / ", []),
        (None, []),
        ("x" * 90, ["x" * LONGEST]),
    ],
)
def test_words_are_small_without_accents_and_numbers_are_kept_from_each_part_on(
    text: str | None, words: list[str]
) -> None:
    assert words_of(text) == words

"""Rows of a list field in a submission: `activities[0].unit` of a form post, or a JSON list.

Owns the spelling of row names; knows nothing of the content of rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

MAX_ROWS = 500
"""More rows than people write in one form; limits the work of a hostile post."""

NAME = re.compile(r"(?P<list>\w+)\[(?P<number>\d{1,6})\]\.(?P<key>\w+)")


def rows_of(key: str, submitted: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The submitted rows of list `key` in order; missing numbers are closed up."""
    given = submitted.get(key)
    if isinstance(given, list):
        return [row if isinstance(row, Mapping) else {} for row in given]
    rows: dict[int, dict[str, object]] = {}
    for name, value in submitted.items():
        match = NAME.fullmatch(name)
        if match and match["list"] == key:
            rows.setdefault(int(match["number"]), {})[match["key"]] = value
    return [rows[number] for number in sorted(rows)]


def without_trailing_blanks(rows: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The rows up to the last one with content."""
    kept = list(rows)
    while kept and all(_is_blank(value) for value in kept[-1].values()):
        kept.pop()
    return kept


def _is_blank(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_blank(item) for item in value)
    return value is None or value is False or (isinstance(value, str) and not value.strip())

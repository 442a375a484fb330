"""The changes of an act, in a form that can be compared between two runs: random values and times
of the machine's clock are masked, everything else must be equal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from engine.execution.border.state.codec import FORMER, VERSION, unpack
from tests.processes.acts.stores import Row, Rows

Change = dict[str, tuple[list[str], list[str]]]
"""Table -> rows that went, rows that came."""

_ID: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SECRET: Final = re.compile(r"\$argon2id\$\S+|(?<![\w-])[\w-]{43}(?![\w-])")
_TIME: Final = re.compile(r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:?00|Z)?")
_NUMBER: Final = re.compile(r"\b[A-Z]+-20\d\d-\d{4}\b|^(?:(?:[a-z]+)?20\d\d)?0\d{3}$")
"""A number of a letter or receipt, as it is written, and as the words by which it is found."""
_HASH_BYTES: Final = 32
_BEGUN: Final = (datetime.now(UTC) - timedelta(days=1)).isoformat(" ")
"""The story is told in the past: a later time was read from the machine."""


class Before:
    """A database before an act. An id it knows stays what it is, a new one is any. `apart`: tables
    that are not asked; where there are such, numbers of a series have gaps and are any as well."""

    def __init__(self, rows: Rows, apart: frozenset[str] = frozenset()) -> None:
        self._rows = rows
        self._apart = apart
        self._known = frozenset(
            _plain(found)
            for lines in rows.values()
            for row in lines
            for found in _ID.findall(" ".join(str(one) for one in row if type(one) is not bytes))
        )

    def change_to(self, after: Rows) -> Change:
        """What the act has come to."""
        found = {}
        for table in sorted((self._rows.keys() | after.keys()) - self._apart):
            if self._rows.get(table) == after.get(table):
                continue
            old, new = self._masked(self._rows.get(table, ())), self._masked(after.get(table, ()))
            found[table] = (sorted((old - new).elements()), sorted((new - old).elements()))
        return found

    def _masked(self, rows: Iterable[Row]) -> Counter[str]:
        return Counter(" | ".join(self._value(value) for value in row) for row in rows)

    def _value(self, value: object) -> str:
        if not isinstance(value, bytes):
            return self._text(str(value))
        if len(value) == _HASH_BYTES:
            return "<hash>"
        if value[:1] in (VERSION, FORMER):
            return self._text(str(unpack(value)))
        return self._text(value.decode(errors="replace"))

    def _text(self, text: str) -> str:
        if self._apart:
            text = _NUMBER.sub("<number>", text)
        text = _SECRET.sub("<secret>", _DIGEST.sub("<digest>", text))
        text = _ID.sub(lambda found: self._id(found.group()), text)
        return _TIME.sub(lambda found: _time(found.group()), text)

    def _id(self, text: str) -> str:
        return text if _plain(text) in self._known else "<id>"


def _plain(id: str) -> str:
    return id.replace("-", "")


def _time(text: str) -> str:
    return "<real>" if text.replace("T", " ") > _BEGUN else text

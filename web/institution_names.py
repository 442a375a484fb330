"""Short names of institutions where only their code is at hand: in the groups of tasks.

Owns what was looked up for one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from flask import g

from processes.storage import institutions
from web import words
from web.i18n import language
from web.reading import begun


class Offered(Protocol):
    """What is read of a task."""

    @property
    def candidate_groups(self) -> Sequence[str]: ...
    @property
    def institution_name(self) -> str | None: ...


def group_name(group: str, known: str = "") -> str:
    """A candidate group in words. `known`: short name of its institution, where it was read."""
    code = _code(group)
    if code and not known:
        known = _names({code})[code]
    return words.group_words(group, language(), known)


def look_up(tasks: Iterable[Offered]) -> None:
    """Read the names that the groups of these tasks will need, before their rows are drawn."""
    groups = [group for one in tasks if not one.institution_name for group in one.candidate_groups]
    _names({code for group in groups if (code := _code(group))})


def _code(group: str) -> str:
    """The institution of a group, empty for any other."""
    kind, _, code = group.partition(":")
    return code if kind.startswith("institution") else ""


def _names(codes: set[str]) -> dict[str, str]:
    names: dict[str, str] = g.setdefault("institution_names", {})
    if unknown := codes - names.keys():
        found = institutions.short_names(begun().connection, unknown)
        names |= {code: found.get(code, code) for code in unknown}
    return names

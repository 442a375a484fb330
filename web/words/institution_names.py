"""Short names of institutions known only by their code: in the groups of tasks.

Owns the names looked up for one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from flask import g

from processes.rights import groups
from processes.storage.people import institutions
from web.reading import begun
from web.words import labels
from web.words.i18n import language


class Offered(Protocol):
    """The facts of a task that are read here."""

    @property
    def candidate_groups(self) -> Sequence[str]: ...
    @property
    def institution_name(self) -> str | None: ...


def group_name(group: str, known: str = "") -> str:
    """A candidate group in words. `known`: short name of its institution, if it was read."""
    code = _code(group)
    if code and not known:
        known = _names({code})[code]
    return labels.group_words(group, language(), known)


def look_up(tasks: Iterable[Offered]) -> None:
    """Read the names that the groups of these tasks will need, before their rows are drawn."""
    unnamed = (one for one in tasks if not one.institution_name)
    _names({code for one in unnamed for code in groups.institutions(one.candidate_groups)})


def _code(group: str) -> str:
    """The institution of a group, empty for any other."""
    found = groups.parse(group)
    return found.code if found else ""


def _names(codes: set[str]) -> dict[str, str]:
    names: dict[str, str] = g.setdefault("institution_names", {})
    if unknown := codes - names.keys():
        found = institutions.short_names(begun().connection, unknown)
        names |= {code: found.get(code, code) for code in unknown}
    return names

"""Short names of institutions where only their code is at hand: in the groups of tasks.

Owns what was looked up for one request.
"""

from __future__ import annotations

from flask import g

from processes import institutions
from web import words
from web.i18n import language
from web.visitor import service


def group_name(group: str, known: str = "") -> str:
    """A candidate group in words. `known`: short name of its institution, where it was read."""
    kind, _, code = group.partition(":")
    asks = kind.startswith("institution") and not known
    return words.group_words(group, language(), _short_name(code) if asks else known)


def _short_name(code: str) -> str:
    names: dict[str, str] = g.setdefault("institution_names", {})
    if code not in names:
        with service().reading() as connection:
            names[code] = institutions.short_names(connection, {code}).get(code, code)
    return names[code]

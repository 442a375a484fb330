"""The words by which cases are found: of titles, numbers, and the letters that went to and fro.

Owns the table and its statements. A row is written in the transaction that writes the text, by the
function that writes it, so a list never misses what was just stored. A search is a range of an
index in both databases (decision 0026). Knows no reader: a list adds its clause of visible rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from unicodedata import combining, normalize
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Index,
    Select,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    true,
    union,
)

from engine.storage.database.types import ID
from processes.storage.schema import metadata
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report

LONGEST: Final = 40
"""Characters of a word that are kept; what is longer is found by its beginning."""
MOST: Final = 6
"""Words of a search that count: more of them leave nothing to tell apart."""
BEHIND: Final = "\U0010ffff"
"""Behind every word with the same beginning."""
PART: Final = re.compile(r"[^\W_]+")

WORDS: Final = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")

search_word = Table(
    "search_word",
    metadata,
    # Compared by bytes: a range of beginnings is a range of the index in every locale.
    Column(
        "word", String(40).with_variant(String(40, collation="C"), "postgresql"), nullable=False
    ),
    # The recommendation or the follow-up that has the word.
    Column("about", ID, nullable=False),
    # the cases that have a word which begins so
    Index("uq_search_word", "word", "about", unique=True),
    # the words of one case, which are written anew with its text
    Index(None, "about"),
)


def words_of(*texts: str | None) -> list[str]:
    """The words of some texts in the form that is stored: small letters without accents. Of what is
    written in one, such as B-12/SES/2026, each part with those behind it: so the beginning of any
    part finds it, and the whole number is one word that few others begin with."""
    found = set()
    for written in _plain(" ".join(text or "" for text in texts)).split():
        parts = PART.findall(written)
        found |= {"".join(parts[start:])[:LONGEST] for start in range(len(parts))}
    return sorted(found)


def _sought(searched: str) -> list[str]:
    """The beginnings of words that a search asks for, in the same form."""
    joined = ("".join(PART.findall(written)) for written in _plain(searched).split())
    return [word[:LONGEST] for word in joined if word][:MOST]


def _plain(text: str) -> str:
    apart = normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not combining(letter))


def recommendations(column: ColumnElement[UUID], searched: str) -> ColumnElement[bool]:
    """Rows whose recommendation in `column` has, for each word of a search, one that begins so. A
    search without a letter or figure leaves everything."""
    return _each(searched, lambda word: column.in_(_with(word)))


def follow_ups(column: ColumnElement[UUID], searched: str) -> ColumnElement[bool]:
    """The same for follow-ups: each word begins one of theirs, of their recommendation's, or one of
    their institution's names."""
    return _each(searched, lambda word: column.in_(_parts(follow_up.c.id, word)))


def instances(column: ColumnElement[UUID], searched: str) -> ColumnElement[bool]:
    """The same for instances of cases of either kind."""
    return _each(searched, lambda word: column.in_(_cases(word)))


def _each(searched: str, clause: Callable[[str], ColumnElement[bool]]) -> ColumnElement[bool]:
    return and_(true(), *(clause(word) for word in _sought(searched)))


def _with(beginning: str) -> Select[tuple[UUID]]:
    word = search_word.c.word
    return select(search_word.c.about).where(word >= beginning, word < beginning + BEHIND)


def _parts(column: Column[UUID], word: str) -> CompoundSelect[Any]:
    """A column of the follow-ups that a word finds. A union, for an "or" would leave no index."""
    named = or_(
        *(
            c.icontains(word, autoescape=True)
            for c in (institution.c.name, institution.c.short_name)
        )
    )
    return union(
        select(column).where(follow_up.c.id.in_(_with(word))),
        select(column).where(follow_up.c.recommendation_id.in_(_with(word))),
        # A registry of dozens, at most hundreds, read through whole.
        select(column).where(follow_up.c.institution.in_(select(institution.c.code).where(named))),
    )


def _cases(word: str) -> CompoundSelect[Any]:
    whole = select(recommendation.c.instance_id).where(recommendation.c.id.in_(_with(word)))
    return union(*_parts(follow_up.c.instance_id, word).selects, whole)


def note_recommendation(connection: Connection, id: UUID) -> None:
    """Write the words of a recommendation anew: its title, its number, and that of its letter."""
    c = recommendation.c
    row = connection.execute(select(c.title, c.number, c.letter_number).where(c.id == id)).one()
    _replace(connection, id, words_of(*row))


def note_report(connection: Connection, report_id: UUID) -> None:
    """Write the words of the follow-up of a report anew: the numbers of its letters and receipts.
    What the letters say is left out, for a letter may be more secret than its case."""
    c = report.c
    case = select(c.follow_up_id).where(c.id == report_id).scalar_subquery()
    rows = connection.execute(
        select(c.follow_up_id, c.letter_number, c.receipt_number).where(
            c.follow_up_id == case, c.handed_in_at.is_not(None)
        )
    ).all()
    _replace(connection, rows[0][0], words_of(*(text for _, *texts in rows for text in texts)))


def _replace(connection: Connection, id: UUID, words: list[str]) -> None:
    connection.execute(delete(search_word).where(search_word.c.about == id))
    if words:
        connection.execute(insert(search_word), [{"word": word, "about": id} for word in words])

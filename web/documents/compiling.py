"""The files of an ordered compilation, made by the worker: Word, PDF and Excel of one reading.

Owns the words of what was chosen. Needs no request: the order says language and zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from engine.sentences.sentence import say
from processes.documents import excel, kinds
from processes.papers.compilation_orders import Wanted, Write
from processes.papers.selections import Selection
from web.documents import compilations, workbooks
from web.documents.making import FORMS, made
from web.documents.writer import Writer
from web.translations import language
from web.words.formatting import Formats


def files(base_url: str) -> Write:
    """The maker of files whose links lead to that address."""

    def write(wanted: Wanted) -> Iterator[tuple[str, bytes]]:
        spoken = language(wanted.language)
        formats = Formats(spoken, wanted.zone)
        writer = Writer(spoken, formats, wanted.reader, wanted.at, base_url)
        chosen = in_words(writer, wanted.selection, _short_name(wanted))
        values = compilations.compilation(writer, wanted.papers, chosen)
        for form in FORMS:
            yield form, made(kinds.COMPILATION, form, values, writer, wanted.template)
        yield "xlsx", excel.made(workbooks.compilation(writer, wanted.papers))

    return write


def _short_name(wanted: Wanted) -> str:
    """Of the chosen institution, which all parts are of."""
    parts = chain.from_iterable(paper.parts for paper in wanted.papers)
    return next((part.position.cell.short_name for part in parts), "")


def in_words(write: Writer, chosen: Selection, institution: str) -> list[str]:
    """What was chosen, one line for each thing; `institution`: its short name."""
    day = write.formats.long_day
    rows = (
        (say("Institution"), institution if chosen.institution else None),
        (say("Letter"), chosen.letter),
        (say("Reports handed in from"), chosen.since and day(chosen.since)),
        (say("Reports handed in until"), chosen.until and day(chosen.until)),
    )
    return [f"{write(words)}: {text}" for words, text in rows if text]

"""The words of a document: one language, one zone, and who prints it.

Owns what every kind of document writes alike. Knows no kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from engine.sentences.sentence import Sentence, say
from processes.documents.layout import Phrase
from processes.documents.values import File
from processes.register.vocabulary import CLASSIFICATIONS
from processes.storage.files.evidence import Evidence
from web.gate.visitor import options, person, reading
from web.translations import Language
from web.translations import language as language_of
from web.words import i18n, labels
from web.words.formatting import Formats


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes in `language`, days and numbers as in `formats`; `reader` prints it, `at` then;
    `base_url`: where its links lead."""

    language: Language
    formats: Formats
    reader: str
    at: datetime
    base_url: str

    @property
    def printed(self) -> str:
        """By whom and when it is printed, as on a page."""
        words = self.gettext("printed by %(name)s, %(moment)s")
        return words % {"name": self.reader, "moment": self.formats.moment(self.at)}

    def __call__(self, phrase: Phrase) -> str:
        """A sentence in this language; a text as it is."""
        return self.language.render(phrase) if isinstance(phrase, Sentence) else phrase

    def gettext(self, text: str) -> str:
        """A text of the catalogue in this language."""
        return self.language.gettext(text)

    def highest(self, codes: Iterable[str]) -> str:
        """The words of the highest of these classifications."""
        return self(labels.CLASSIFICATIONS[max(codes, key=CLASSIFICATIONS.index)])

    def verdict(self, verdict: str) -> str:
        """A verdict in words."""
        return labels.verdict_mark(verdict, self.language).words

    def letter(self, number: str, day: date) -> str:
        """Number and date of a letter."""
        return f"{number}, {self.formats.day(day)}"

    def files(self, files: Iterable[Evidence]) -> list[File]:
        """Files that were handed in."""
        return [File(one.name, self.formats.size(one.size), one.sha256) for one in files]


ABOVE = say("Classified above your clearance")


def of_reader() -> Writer:
    """In the language of who asks."""
    return _writer(i18n.language(), i18n.formats())


def of_letters() -> Writer:
    """In Indonesian: letters between institutions are, whoever prints them."""
    indonesian = language_of("id")
    formats = Formats(indonesian, i18n.formats().zone)
    return _writer(indonesian, formats)


def _writer(language: Language, formats: Formats) -> Writer:
    return Writer(language, formats, person().user.name, reading().now, options().base_url)

"""The reader's language outside a request: workers write mails, not pages.

Owns the words for sentences and dates of a mail. Knows no catalogue: the composition passes
`translate`, which gives for a locale the function from English to that language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from sqlalchemy import Connection

from engine.sentences.sentence import ModelText, Sentence

Translate = Callable[[str, Connection], Callable[[str], str]]
"""locale -> (English template, or text of a model -> the same in that language). The English that
owners wrote into their models is read on the connection."""


def untranslated(_locale: str, _connection: Connection) -> Callable[[str], str]:
    """English for everybody: the default without a catalogue."""
    return str


@dataclass(frozen=True, slots=True)
class Wording:
    """One reader's language."""

    locale: str
    translate: Callable[[str], str]

    def __call__(self, sentence: Sentence) -> str:
        """The sentence in the reader's language, with the days among its facts in long form."""
        facts = {name: self._fact(fact) for name, fact in sentence.facts.items()}
        return Sentence(sentence.template, facts).render(self.translate)

    def _fact(self, fact: object) -> object:
        if isinstance(fact, Sentence):
            return self(fact)
        if isinstance(fact, ModelText) and fact:
            return self.translate(fact)
        if isinstance(fact, date):
            return format_date(fact, "EEEE, d MMMM y", locale=self.locale)
        return fact

"""The catalogues: every sentence in every language the product speaks.

Owns reading `<locale>/LC_MESSAGES/*.po`. Message ids are English; `messages.po` of `id` has the
Indonesian, the default. Owners write the texts of process models (labels, task names) in
Indonesian; `models.po` of `en` has the English of the shipped ones. Verdicts bring their own
(`processes.register.verdicts`). Knows no Flask, so that workers can write mails in the reader's
language. Catalogues are read directly from their source (about 0.1 s for 1,000 messages): nothing
to compile, nothing that can be out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from engine.sentences.sentence import Sentence
from processes.register.verdicts import translations

DIRECTORY = Path(__file__).parent
DEFAULT = "id"
LOCALES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
"""Locale -> its own name for itself, the default first."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `gettext` and `ngettext` for the product, `model_text` for texts of models."""

    code: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    model_text: Callable[[str], str]

    def of_mail(self, text: str) -> str:
        """A sentence of the product or a text of a model, as mails have both."""
        return self.model_text(self.gettext(text))

    def render(self, sentence: Sentence) -> str:
        """The sentence in this language, with the sentences among its facts."""
        facts = {
            name: self.render(fact) if isinstance(fact, Sentence) else fact
            for name, fact in sentence.facts.items()
        }
        return Sentence(sentence.template, facts).render(self.gettext)


@cache
def language(code: str) -> Language:
    """The language of a locale; an unknown code gives the default one."""
    if code not in LOCALES:
        return language(DEFAULT)
    messages, models = _load(code, "messages", translations(code)), _load(code, "models")
    return Language(code, _nonempty(messages), messages.ungettext, _nonempty(models))


def of_shipped_models() -> frozenset[str]:
    """The texts of models that the product translates itself."""
    with catalogue_file("en", "models").open("rb") as source:
        found = read_po(source, locale="en")
    return frozenset(one.id for one in found if isinstance(one.id, str) and one.id and one.string)


def _nonempty(catalogue: NullTranslations) -> Callable[[str], str]:
    """Its texts; nothing has no translation, for under it a catalogue keeps its own heading."""
    return lambda text: catalogue.ugettext(text) if text else text


def catalogue_file(code: str, domain: str) -> Path:
    """The source of a catalogue, whether or not it exists."""
    return DIRECTORY / code / "LC_MESSAGES" / f"{domain}.po"


def _load(code: str, domain: str, more: Mapping[str, str] | None = None) -> NullTranslations:
    """A catalogue; `more`: texts with translations from another file."""
    file = catalogue_file(code, domain)
    if not file.exists():
        return NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=code)
    for english, text in (more or {}).items():
        catalogue.add(english, text)
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return Translations(binary)

"""The English of models: of the shipped ones from `models.po`, of owners' own from the models.

Owns the order: the product's own words come first, so that a page without an owner's text asks no
database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from sqlalchemy import Connection

from engine.sentences.sentence import ModelText
from processes.desk.model_english import owners_english
from web.translations import DEFAULT, Language, language, of_shipped_models

TRANSLATED = of_shipped_models()


def with_owners(spoken: Language, connection: Callable[[], Connection]) -> Language:
    """The language with the words of owners' models, which are read with the first unknown text."""
    if spoken.code == DEFAULT:
        return spoken
    words = cache(lambda: owners_english(connection()))

    def model_text(text: str) -> str:
        if not text or text in TRANSLATED:
            return spoken.model_text(text)
        return words().get(text, text)

    return replace(spoken, model_text=model_text)


def of_mails(locale: str, connection: Connection) -> Callable[[str], str]:
    """Sentences of the product and texts of models in the language of a mail's reader."""
    plain, full = language(locale), with_owners(language(locale), lambda: connection)
    return lambda text: (
        full.model_text(text) if isinstance(text, ModelText) else plain.of_mail(text)
    )

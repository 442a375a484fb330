"""The catalogues are complete and match the sources."""

from __future__ import annotations

import re

import pytest

from engine.sentences.sentence import say
from tests.processes.lifecycle.models.test_decision_tables import LEVELS
from web.translations import LOCALES, language
from web.translations.model_texts import model_texts
from web.translations.update import read, sentences, untranslated

PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)[^}]*\}")


def places(text: str) -> set[tuple[str, str]]:
    return set(PLACE.findall(text))


def test_every_sentence_of_the_product_has_an_indonesian_translation() -> None:
    assert untranslated(read("id"), sentences()) == []


def test_a_translation_names_the_same_facts_as_its_sentence() -> None:
    for message in read("id"):
        if message.id:
            ids = message.id if isinstance(message.id, tuple | list) else [message.id]
            strings = message.string if isinstance(message.string, tuple) else [message.string]
            for string in filter(None, strings):
                assert places(string) == places(ids[-1]), message.id


def test_a_sentence_among_the_facts_of_a_sentence_is_translated_too() -> None:
    inner = say("Please sign in.")
    outer = say("{part}: {reason}", part="x", reason=inner)
    assert language("id").render(outer) == "x: Silakan masuk."


def test_an_unknown_language_is_the_default_one() -> None:
    assert language("xx").code == next(iter(LOCALES))


def test_every_text_of_the_shipped_models_has_an_english_translation() -> None:
    english = read("en", "models")
    missing = [
        text
        for text in [*model_texts(), *LEVELS]
        if not (known := english.get(text)) or not known.string
    ]
    assert missing == []


def test_a_text_of_an_owners_own_model_is_shown_as_it_was_written() -> None:
    assert language("en").model_text("Setujui cuti Budi") == "Setujui cuti Budi"
    assert language("en").model_text("Konfirmasi penerimaan") == "Acknowledge"
    assert language("id").model_text("Konfirmasi penerimaan") == "Konfirmasi penerimaan"


@pytest.mark.parametrize("code", LOCALES)
def test_no_text_stays_no_text(code: str) -> None:
    assert language(code).gettext("") == language(code).model_text("") == ""


def test_pages_and_mails_say_anda_and_official_letters_alone_say_saudara() -> None:
    said = [str(one.string) for one in read("id") if one.id]
    assert not [text for text in said if "saudara" in text.lower()]
    assert [text for text in said if "Anda" in text]

"""A mail speaks its reader's language, the texts of models among its facts too."""

from __future__ import annotations

import pytest

from engine.sentences.sentence import ModelText, say
from processes.ground.letter_language import Wording
from web.translations import language


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "Escalation: Coordinating Minister."), ("id", "Eskalasi: Menko.")],
)
def test_a_level_of_the_table_is_named_in_the_readers_language(locale: str, words: str) -> None:
    wording = Wording(locale, language(locale).of_mail)
    assert wording(say("Escalation: {level}.", level=ModelText("Menko"))) == words


def test_what_an_owner_named_stays_as_it_was_written() -> None:
    wording = Wording("en", language("en").of_mail)
    told = wording(say("Escalation: {level}.", level=ModelText("Sekretaris")))
    assert told == "Escalation: Sekretaris."

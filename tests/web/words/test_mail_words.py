"""A mail speaks its reader's language, the texts of models among its facts too."""

from __future__ import annotations

import pytest

from engine.sentences.sentence import ModelText, say
from processes.ground.letter_language import Wording
from processes.notices.texts.letters import Stationery, Subject
from processes.notices.texts.task_letters import TaskLine, with_tasks
from tests.processes.stories.world import ADDRESSES, BASE_URL
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


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "New task, Evaluate the report: REK-2026-0001"),
        ("id", "Tugas baru, Evaluasi laporan: REK-2026-0001"),
    ],
)
def test_a_task_is_named_in_the_readers_language(locale: str, words: str) -> None:
    about = Subject("REK-2026-0001", "", "secret", None, None, "/tasks/1")
    line = TaskLine("opened", about, "Evaluasi laporan", None)
    letter = with_tasks(None, [line], Stationery(BASE_URL, ADDRESSES, demo=False))
    assert Wording(locale, language(locale).of_mail)(letter.subject) == words

"""English pages and mails show the English that owners wrote into their models."""

from __future__ import annotations

from sqlalchemy import update

from engine.sentences.sentence import ModelText
from processes.storage.tables.people import user
from tests.engine.models.building import bpmn, end, process, properties, start, user_task
from tests.web.conftest import Office, text
from web.translations.model_english import of_mails


def begun(office: Office, **english: str) -> None:
    """An owner's process waits for Kemhan with a task of this English."""
    task = user_task(
        "approve",
        *([properties(**english)] if english else []),
        name="Setujui cuti",
        camunda_candidateGroups="institution:kemhan",
    )
    drawn = bpmn(process("leave", start(), task, end(), name="Izin cuti"))
    office.service.engine.deploy({"leave.bpmn": drawn}, "owner")
    office.service.engine.start("leave", by="owner")


def speak(office: Office, locale: str) -> None:
    with office.service.transaction() as connection:
        connection.execute(update(user).values(locale=locale))


def test_a_page_shows_the_newest_english_and_the_authors_words_to_others(office: Office) -> None:
    begun(office)
    speak(office, "en")
    assert "Setujui cuti" in text(office.enter("kemhan").get("/inbox"))
    begun(office, name_en="Approve the leave")
    shown = text(office.enter("kemhan").get("/inbox"))
    assert "Approve the leave" in shown
    assert "Setujui cuti" not in shown, "the task that began before is named alike"
    speak(office, "id")
    assert "Setujui cuti" in text(office.enter("kemhan").get("/inbox"))


def test_a_mail_in_english_names_the_task_in_english(office: Office) -> None:
    begun(office, name_en="Approve the leave")
    with office.service.reading() as connection:
        words = of_mails("en", connection)
        assert words(ModelText("Setujui cuti")) == "Approve the leave"
        assert words(ModelText("Konfirmasi penerimaan")) == "Acknowledge"
        assert words(ModelText("Bukan teks model")) == "Bukan teks model"
        assert of_mails("id", connection)(ModelText("Setujui cuti")) == "Setujui cuti"

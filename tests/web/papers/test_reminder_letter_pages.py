"""The reminder letter: found from the case and from the board, printed alone, marked as sent."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from processes.storage.notices import reminder_letters
from tests.web.conftest import Office, heading, text


def late(office: Office) -> UUID:
    """Ten more days pass, so that kemhan is late enough for a letter; the id of its case."""
    for _ in range(20):
        office.clock.advance(days=1)
        office.service.engine.run_due()
    task = office.task("acknowledge", "kemhan").removeprefix("/tasks/")
    key = office.service.engine.task(UUID(task)).business_key
    return UUID(key or "")


def address(office: Office, case: UUID) -> str:
    """The page of the draft about that case."""
    with office.service.reading() as connection:
        drafts = reminder_letters.of_follow_up(connection, case)
    return f"/reminder-letters/{drafts[-1].id}"


def test_case_and_board_lead_to_the_draft_and_it_prints_nothing_but_the_letter(
    office: Office,
) -> None:
    case = late(office)
    letter = address(office, case)
    for page in (f"/follow-ups/{case}", "/escalations"):
        assert letter in text(office.enter("coordinator").get(page)), page
    shown = text(office.enter("asdep").get(letter))
    assert "Yth." in shown
    assert "data-print" in shown
    assert "print-only" not in shown, "no head of the product on a letter"
    assert 'lang="id"' in shown


def test_marking_as_sent_needs_number_and_date_and_shows_in_the_case(office: Office) -> None:
    case = late(office)
    letter, person = address(office, case), office.enter("coordinator")
    person.get(letter)
    refused = person.post(letter, {"letter_number": "", "letter_date": "besok"})
    assert refused.status_code == 422
    today = office.clock.now.date() - timedelta(days=1)
    sent = person.post(letter, {"letter_number": "B-7/2026", "letter_date": f"{today:%d/%m/%Y}"})
    assert sent.location == letter
    page = person.get(letter)
    assert heading(page) == "Surat pengingat"
    assert "B-7/2026" in text(page)
    assert 'name="letter_number"' not in text(page), "it cannot be marked a second time"
    assert "B-7/2026" in text(office.enter("kemhan").get(f"/follow-ups/{case}"))


def test_the_institution_never_opens_the_letter_here(office: Office) -> None:
    letter = address(office, late(office))
    assert office.enter("kemhan").get(letter).status_code == 403
    assert office.enter("kemenkeu").get(letter).status_code == 404

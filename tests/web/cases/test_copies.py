"""Copies for information: mail, list and page, and no more."""

from __future__ import annotations

from sqlalchemy import update

from processes.storage.tables.recommendations import recommendation_institution
from tests.web.conftest import Office, text


def informed(office: Office) -> str:
    """The institution kemenkeu is only informed of the first recommendation; its address."""
    with office.service.transaction() as connection:
        table = recommendation_institution
        connection.execute(
            table.insert().values(
                recommendation_id=office.cases.first, institution="kemenkeu", role="information"
            )
        )
    return f"/recommendations/{office.cases.first}"


def test_a_copy_is_listed_for_the_institution_that_is_informed_and_leads_to_the_text(
    office: Office,
) -> None:
    address, person = informed(office), office.enter("kemenkeu")
    assert address in text(person.get("/copies"))
    assert 'href="/copies"' in text(person.get("/inbox"))
    page = person.get(address)
    assert page.status_code == 200
    assert "/follow-ups/" not in text(page).replace('href="/follow-ups"', "")


def test_an_informed_institution_reads_no_follow_up_of_the_others(office: Office) -> None:
    informed(office)
    person = office.enter("kemenkeu")
    listed = text(office.enter("kemhan").get("/follow-ups"))
    first = listed.split('href="/follow-ups/')[1].split('"')[0]
    assert person.get(f"/follow-ups/{first}").status_code == 404


def test_whoever_has_to_follow_up_or_was_not_addressed_has_no_copy(office: Office) -> None:
    address = informed(office)
    assert address not in text(office.enter("kemhan").get("/copies"))
    with office.service.transaction() as connection:
        table = recommendation_institution
        mine = table.c.institution == "kemenkeu"
        connection.execute(update(table).where(mine).values(role="supporting"))
    assert address not in text(office.enter("kemenkeu").get("/copies"))


def test_the_ministry_has_its_own_list(office: Office) -> None:
    assert office.enter("coordinator").get("/copies").status_code == 403

"""`/api/v1/requests`: who was asked for a report, and who has answered, as on the page."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import update

from processes.storage.people import users
from processes.storage.tables.written_reports import written_report
from processes.written_report import asking as requests
from tests.processes.stories.world import World
from tests.processes.stories.written_report.asking import answer, ask, hand_in, part
from tests.web.api.conftest import Api
from tests.web.conftest import Office
from tests.web.meetings.test_session_pages import world as world

REQUESTS = "/api/v1/requests"


@pytest.fixture
def asked(office: Office, world: World) -> UUID:
    """A request that Kemenperin has answered and Kemhan has not."""
    request = ask(world)
    about = world.follow_up(office.cases.first, "kemenperin")
    hand_in(world, request, "kemenperin", [answer(about)])
    return request


def test_a_list_of_requests_says_how_many_have_answered(office_api: Api, asked: UUID) -> None:
    [found] = office_api.get("coordinator", REQUESTS)["items"]
    assert (found["id"], found["letter_number"]) == (str(asked), "B-9/KP/2026")
    assert (found["answered"], found["open"], found["total"]) == (1, 1, 2)
    assert found["states"] == {"answered": 1, "asked": 1}
    assert found["late"] is False


def test_one_request_says_who_has_answered_and_about_what(
    office: Office, office_api: Api, asked: UUID
) -> None:
    found = office_api.get("coordinator", f"{REQUESTS}/{asked}")
    of = {one["institution"]: one for one in found["institutions"]}
    assert {code: one["state"] for code, one in of.items()} == {
        "kemenperin": "answered", "kemhan": "asked",
    }  # fmt: skip
    done, waits = of["kemenperin"], of["kemhan"]
    assert (done["letter"]["letter_number"], done["work"]) == ("B/77/2026", None)
    assert done["receipt_number"]
    assert (waits["letter"], waits["receipt_number"]) == (None, None)
    assert waits["work"]["candidate_groups"] == ["institution:kemhan"]
    assert waits["due"] == "2026-02-27"
    [about] = done["about"]
    assert about["recommendation_id"] == str(office.cases.first)
    page = office_api.get("coordinator", f"{REQUESTS}/{asked}", limit="1")
    rest = office_api.get("coordinator", f"{REQUESTS}/{asked}", limit="1", after=page["next"])
    both = [*page["institutions"], *rest["institutions"]]
    assert sorted(one["institution"] for one in both) == sorted(of)
    assert rest["next"] is None


def test_an_institution_reads_its_own_part_only(office_api: Api, asked: UUID) -> None:
    found = office_api.get("kemhan", f"{REQUESTS}/{asked}")
    assert [one["institution"] for one in found["institutions"]] == ["kemhan"]
    assert (found["total"], found["answered"]) == (1, 0)
    assert office_api.call("tni", "GET", f"{REQUESTS}/{asked}").status_code in (403, 404)
    assert office_api.call("owner", "GET", REQUESTS).status_code == 403


def test_a_letter_above_the_clearance_is_told_by_its_receipt_alone(
    office: Office, office_api: Api, asked: UUID
) -> None:
    with office.service.transaction() as connection:
        connection.execute(update(written_report).values(classification="top_secret"))
        person = users.by_username(connection, "coordinator")
        assert person is not None
        users.change(connection, person.id, {"clearance": "restricted"})
    found = office_api.get("coordinator", f"{REQUESTS}/{asked}")
    [done] = [one for one in found["institutions"] if one["institution"] == "kemenperin"]
    assert done["letter"] is None
    assert done["receipt_number"]


def test_who_was_let_off_is_told_with_the_reason(
    office_api: Api, asked: UUID, world: World
) -> None:
    mine = part(world, asked, "kemhan").id
    requests.drop(world.service, world.person("coordinator"), mine, "Sudah lapor lisan.")
    world.run()
    found = office_api.get("coordinator", f"{REQUESTS}/{asked}")
    [off] = [one for one in found["institutions"] if one["institution"] == "kemhan"]
    assert (off["state"], off["dropped_reason"]) == ("dropped", "Sudah lapor lisan.")

"""The domain for reading: the same questions and rights as the pages, paged by key."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from processes.cases.recommendation import recipients
from processes.rights.access import scope_of
from processes.storage.people import users
from processes.storage.tables.reports import report
from tests.web.api.conftest import Api
from tests.web.conftest import Office

V1 = "/api/v1"


def follow_up(api: Api, institution: str, recommendation: object) -> str:
    """The id of one institution's follow-up."""
    query = {"institution": institution, "recommendation_id": str(recommendation)}
    (found,) = api.get("coordinator", f"{V1}/follow-ups", **query)["items"]
    id: str = found["id"]
    return id


def test_a_recommendation_carries_the_status_of_each_institution(
    office: Office, office_api: Api
) -> None:
    page = office_api.get("coordinator", f"{V1}/recommendations")
    assert page["next"] is None
    assert [one["id"] for one in page["items"]] == [
        str(office.cases.second),
        str(office.cases.first),
    ]
    first = page["items"][1]
    assert (first["status"], first["done"], first["total"]) == ("issued", 0, 2)
    assert first["groups"] == {"open": 2}
    assert {one["institution"]: one["status"] for one in first["institutions"]} == {
        "kemhan": "acknowledge",
        "kemenperin": "report",
    }
    full = office_api.get("coordinator", f"{V1}/recommendations/{office.cases.first}")
    assert full.items() >= first.items()
    assert full["addressed_to"] == {"kemhan": "lead", "kemenperin": "supporting"}
    assert full["letter_number"] == "R-1/2026"


def test_the_ministry_reads_a_change_of_institutions_and_an_institution_reads_none(
    office: Office, office_api: Api
) -> None:
    with office.service.reading() as connection:
        person = users.by_username(connection, "coordinator")
        assert person
        coordinator = scope_of(connection, person.id)
    new = {"institution": "kemenkeu", "role": "supporting", "deadline": "2026-06-30"}
    change = {"added": [new], "taken_out": [], "letter_number": "U-7/2026", "reason": "Anggaran."}
    recipients.propose(office.service, coordinator, office.cases.first, change)
    url = f"{V1}/recommendations/{office.cases.first}"
    [told] = office_api.get("coordinator", url)["recipients_changes"]
    assert (told["added"], told["letter_number"], told["approved"]) == ([new], "U-7/2026", None)
    assert office_api.get("kemhan", url)["recipients_changes"] == []


def test_an_institution_reads_its_own_position_only(office: Office, office_api: Api) -> None:
    full = office_api.get("kemhan", f"{V1}/recommendations/{office.cases.first}")
    assert [one["institution"] for one in full["institutions"]] == ["kemhan"]
    listed = office_api.get("kemhan", f"{V1}/follow-ups")["items"]
    assert {one["institution"] for one in listed} == {"kemhan"}
    for path in (
        f"recommendations/{uuid4()}",
        f"follow-ups/{uuid4()}",
        f"follow-ups/{follow_up(office_api, 'kemenperin', office.cases.first)}",
    ):
        answer = office_api.call("kemhan", "GET", f"{V1}/{path}")
        assert answer.status_code == 404, path
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["title"] == "There is no such thing, or it is not open to you."
    other = office_api.call("kemenkeu", "GET", f"{V1}/recommendations/{office.cases.first}")
    assert other.status_code == 404


def test_a_missing_role_is_403(still_api: Api) -> None:
    for who, path in (
        ("kemhan", "recommendations"),
        ("kemhan", "escalations"),
        ("kemhan", "institutions"),
        ("owner", "recommendations"),
        ("owner", "escalations"),
    ):
        answer = still_api.call(who, "GET", f"{V1}/{path}")
        assert answer.status_code == 403, (who, path)
        assert answer.get_json()["status"] == 403


def test_a_follow_up_tells_what_it_waits_for_and_what_happened(
    office: Office, office_api: Api
) -> None:
    id = follow_up(office_api, "kemenkeu", office.cases.second)
    found = office_api.get("coordinator", f"{V1}/follow-ups/{id}")
    assert (found["status"], found["claimed_status"]) == ("evaluate", "conforms")
    assert found["work"]["candidate_groups"] == ["coordinator"]
    (handed_in,) = found["reports"]
    assert handed_in["receipt_number"] == office.cases.receipt
    sentences = [one["sentence"] for one in found["timeline"]]
    assert sentences[-1] == "Recommendation issued"
    assert any(office.cases.receipt in sentence for sentence in sentences)
    moments = [one["at"] for one in found["timeline"]]
    assert moments == sorted(moments, reverse=True)


def test_a_report_above_the_clearance_is_there_by_number_and_date_alone(
    office: Office, office_api: Api
) -> None:
    id = follow_up(office_api, "kemenkeu", office.cases.second)
    (known,) = office_api.get("coordinator", f"{V1}/follow-ups/{id}")["handed_in"]
    assert (known["receipt_number"], known["readable"]) == (office.cases.receipt, True)
    with office.service.transaction() as connection:
        connection.execute(update(report).values(classification="top_secret"))
        person = users.by_username(connection, "coordinator")
        assert person is not None
        users.change(connection, person.id, {"clearance": "restricted"})
    found = office_api.get("coordinator", f"{V1}/follow-ups/{id}")
    assert found["handed_in"] == [{**known, "readable": False}]
    assert found["reports"] == []


def test_texts_come_in_the_language_asked_for(office: Office, office_api: Api) -> None:
    path = f"{V1}/follow-ups/{follow_up(office_api, 'kemhan', office.cases.first)}"
    indonesian = office_api.call("kemhan", "GET", path, headers={"Accept-Language": "id"})
    assert indonesian.get_json()["timeline"][-1]["sentence"] == "Rekomendasi disampaikan"
    assert indonesian.get_json()["work"]["name"] == "Konfirmasi penerimaan"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"stage": "report"}, {"kemenperin"}),
        ({"institution": "kemenkeu"}, {"kemenkeu"}),
        ({"role": "supporting"}, {"kemenperin", "kemenkeu"}),
        ({"verdict": "not_yet_conforms"}, {"kemhan"}),
        ({"time": "ended"}, set()),
        ({"level": "3"}, set()),
    ],
)
def test_follow_ups_are_narrowed(still_api: Api, filters: dict[str, str], found: set[str]) -> None:
    items = still_api.get("coordinator", f"{V1}/follow-ups", **filters)["items"]
    assert {one["institution"] for one in items} == found


def test_pages_follow_each_other_by_key_without_gap(still_api: Api) -> None:
    for path in ("recommendations", "follow-ups"):
        whole = [one["id"] for one in still_api.get("asdep", f"{V1}/{path}")["items"]]
        met: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = still_api.get("asdep", f"{V1}/{path}", limit="1", **after)
            met += [one["id"] for one in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert met == whole, path


def test_what_is_late_and_escalated_is_told_to_overseers_and_to_its_leadership(
    office: Office, office_api: Api
) -> None:
    assert office_api.get("asdep", f"{V1}/escalations")["items"] == []
    office.clock.now += timedelta(days=60)
    office.service.engine.run_due()
    everything = office_api.get("asdep", f"{V1}/escalations")["items"]
    assert {one["institution"] for one in everything} >= {"kemhan", "kemenkeu"}
    assert all(one["overdue_working_days"] > 0 and one["level"] >= 1 for one in everything)
    own = office_api.get("kemhan-head", f"{V1}/escalations")["items"]
    assert {one["institution"] for one in own} == {"kemhan"}
    assert {one["id"] for one in own} < {one["id"] for one in everything}


def test_the_registry_lists_every_institution(still_api: Api) -> None:
    items = still_api.get("asdep", f"{V1}/institutions")["items"]
    assert {"kemhan", "kemenperin", "kemenkeu", "tni"} <= {one["code"] for one in items}
    (forces,) = [one for one in items if one["code"] == "tni"]
    assert (forces["is_kl"], forces["calendar_code"]) == (False, "tni")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"after": "x"}, "after"),
        ({"stage": "unheard"}, "stage"),
        ({"unheard": "x"}, "unheard"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    still_api: Api, query: dict[str, str], field: str
) -> None:
    answer = still_api.call("asdep", "GET", f"{V1}/follow-ups", query_string=query)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert set(body) == {"type", "title", "status", "detail", "instance", "errors"}
    assert list(body["errors"]) == [field]


def test_an_unknown_address_and_a_wrong_method_are_problems_too(still_api: Api) -> None:
    for method, path, status in (
        ("GET", f"{V1}/nothing", 404),
        ("POST", f"{V1}/institutions", 405),
        ("GET", f"{V1}/follow-ups/not-an-id", 404),
    ):
        answer = still_api.call("asdep", method, path)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")

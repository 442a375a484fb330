"""A keeper can end an instance that is no real case; an instance that owns a case never ends that
way.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from engine import Engine
from processes.composition import known_topics
from processes.lifecycle.case import case_of
from processes.lifecycle.options import options_of
from processes.storage.cases import follow_up_rows
from processes.storage.cases.follow_up_rows import FollowUp
from tests.web.api.conftest import Api
from tests.web.conftest import Office, text

ENGINE = "/engine-rest/process-instance"


@pytest.fixture(params=["follow_up", "recommendation"])
def orphan(request: pytest.FixtureRequest, office: Office) -> Iterator[UUID]:
    """An instance with the key of a real case that owns no row, as an older release let it begin:
    started by an engine that knows of no cases."""
    url = office.service.engine.database.url.render_as_string(hide_password=False)
    nothing = dict.fromkeys(known_topics(), lambda _step: None)
    older = Engine.open(url, nothing, office.clock, case_of, options=options_of)
    yield older.start(request.param, {"fact": "x"}, str(case_of_kind(office, request.param)), "old")
    older.close()


def case_of_kind(office: Office, process: str) -> UUID:
    return office.cases.first if process == "recommendation" else kemhan(office).id


def kemhan(office: Office) -> FollowUp:
    with office.service.reading() as connection:
        rows = follow_up_rows.of_recommendation(connection, office.cases.first)
    return next(row for row in rows if row.institution == "kemhan")


def status(office: Office, id: UUID) -> str:
    return office.service.engine.instance(id).status


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_a_keeper_finds_and_ends_what_owns_no_case_over_the_api(
    office: Office, office_api: Api, orphan: UUID, who: str
) -> None:
    assert [one["id"] for one in office_api.get(who, ENGINE)] == [str(orphan)]
    assert office_api.get(who, f"{ENGINE}/count") == {"count": 1}
    assert office_api.call(who, "DELETE", f"{ENGINE}/{orphan}").status_code == 204
    assert status(office, orphan) == "withdrawn"
    assert office.service.engine.tasks(instance_id=orphan) == []
    assert office_api.call(who, "DELETE", f"{ENGINE}/{orphan}").status_code == 404


def test_ending_it_leaves_the_case_whose_key_it_has_as_it_was(
    office: Office, office_api: Api, orphan: UUID
) -> None:
    before = kemhan(office)
    office_api.call("admin", "DELETE", f"{ENGINE}/{orphan}")
    office.service.engine.run_due()
    assert kemhan(office) == before
    assert status(office, before.instance_id) == "active"
    assert office.task("acknowledge")


@pytest.mark.parametrize("who", ["coordinator", "asdep", "kemhan", "kemhan-head"])
def test_nobody_else_ends_it(office: Office, office_api: Api, orphan: UUID, who: str) -> None:
    assert office_api.call(who, "DELETE", f"{ENGINE}/{orphan}").status_code == 404
    person = office.enter(who)
    assert person.get(f"/instances/{orphan}/end").status_code == 404
    assert person.post(f"/instances/{orphan}/end", {"reason": "x"}).status_code == 404
    assert status(office, orphan) == "active"


def test_an_administrator_finds_it_on_the_page_of_its_process_and_ends_it_with_a_reason(
    office: Office, orphan: UUID
) -> None:
    key = office.service.engine.instance(orphan).key
    admin = office.enter("admin")
    address = f"/processes/{key}/instances"
    assert f'href="{address}"' in text(admin.get(f"/processes/{key}"))
    assert f'href="/instances/{orphan}/end"' in text(admin.get(address))
    assert str(orphan) in text(admin.get(f"/instances/{orphan}/end"))
    without = admin.post(f"/instances/{orphan}/end", {"reason": " "})
    assert without.status_code == 422
    assert status(office, orphan) == "active"
    done = admin.post(f"/instances/{orphan}/end", {"reason": "Sisa uji"}, follow_redirects=True)
    assert "Instans sudah diakhiri." in text(done)
    assert str(orphan) not in text(done)
    assert f'href="{address}"' not in text(admin.get(f"/processes/{key}"))
    assert office.service.engine.history(orphan)[-1].details == {"reason": "Sisa uji"}


@pytest.mark.parametrize("process", ["follow_up", "recommendation"])
def test_what_owns_a_case_is_refused_to_everybody(
    office: Office, office_api: Api, process: str
) -> None:
    found = office_api.get("asdep", ENGINE, processDefinitionKey=process)
    running = [UUID(one["id"]) for one in found]
    assert running
    for who, answer in (("owner", 404), ("admin", 404), ("coordinator", 403), ("asdep", 403)):
        person = office.enter(who)
        for id in running:
            assert office_api.call(who, "DELETE", f"{ENGINE}/{id}").status_code == answer
            assert person.get(f"/instances/{id}/end").status_code == answer
            assert person.post(f"/instances/{id}/end", {"reason": "x"}).status_code == answer
            assert status(office, id) == "active"

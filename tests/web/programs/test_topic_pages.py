"""Topics of external tasks: waiting tasks, their holders, their workers, and offering tasks
again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from uuid_utils.compat import uuid7

from engine.sentences.errors import Forbidden
from engine.storage.later import externals
from engine.storage.later.externals import TopicWanted
from engine.storage.tables import external_task, instance, worker
from engine.workers.work_data import Work
from processes.acts.reading import opened
from processes.programs import external_work, topics
from processes.rights import audit
from processes.rights.scope import operator, scope_of
from processes.storage.people import users
from processes.storage.people.users import Grants
from tests.engine.models.building import bpmn, end, process, service_task, start
from tests.web.api.conftest import Api
from tests.web.conftest import Office, Person, text

LOAN = {"loan.bpmn": bpmn(process("loan", start(), service_task("ask_bank", "bank"), end()))}
HOUR = timedelta(hours=1)
ROW = re.compile(r"<tr role=\"row\">(.*?)</tr>", re.DOTALL)


def begin(office: Office, number: int = 1, key: str | None = None) -> list[UUID]:
    """Cases that wait for the topic `bank`."""
    office.service.engine.deploy(LOAN, "owner")
    return [office.service.engine.start("loan", business_key=key) for _ in range(number)]


def fetch(office: Office, topic: str = "bank", worker: str = "w-1", most: int = 1) -> list[Work]:
    wanted = [TopicWanted(topic=topic, lease=HOUR)]
    return office.service.engine.external.fetch(worker, wanted, most, "owner")


def give_up(office: Office, number: int = 1) -> list[UUID]:
    work = fetch(office, most=number)
    for one in work:
        office.service.engine.external.fail(one.task.id, "w-1", "bank tutup", "baris 7", retries=0)
    return [one.task.id for one in work]


def rows(person: Person, address: str) -> list[str]:
    """The rows of the one table of a page, as words."""
    body = text(person.get(address)).partition("<tbody")[2]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in ROW.findall(body)]


def walked(person: Person, address: str) -> tuple[list[str], list[str]]:
    """All rows forwards, and all backwards from the end, page by page."""
    forwards, pages = list[str](), list[Sequence[str]]()
    for rel, found in (("next", forwards), ("prev", pages)):
        for _ in range(20):
            seen = rows(person, address)
            found[len(found) :] = seen if rel == "next" else [seen]  # type: ignore[list-item]
            link = re.search(rf'rel="{rel}" href="([^"]+)"', text(person.get(address)))
            if link is None:
                break
            address = link[1].replace("&amp;", "&")
    return forwards, [row for page in reversed(pages) for row in page]


def test_without_external_work_the_page_says_where_it_would_come_from(office: Office) -> None:
    assert "Tugas layanan pada topik tanpa penangan menunggu" in text(
        office.enter("owner").get("/topics")
    )


def test_a_topic_is_counted_over_all_its_tasks(office_anywhere: Office) -> None:
    begin(office_anywhere, 30)
    external = office_anywhere.service.engine.external
    first, second = fetch(office_anywhere, most=2)
    external.fail(first.task.id, "w-1", "sibuk", retries=2, wait=HOUR)
    give_up(office_anywhere, 3)
    [row] = rows(office_anywhere.enter("owner"), "/topics")
    assert row.startswith("bank 27 1 1 3 "), row
    assert second.task.worker == "w-1"
    for show, number in ((None, 25), ("leased", 1), ("failing", 1), ("stuck", 3)):
        found = rows(office_anywhere.enter("admin"), f"/topics/bank?show={show}")
        assert len(found) == number


def test_a_topic_that_no_worker_asks_for_is_marked_until_one_does(office: Office) -> None:
    begin(office, 2)
    owner = office.enter("owner")
    assert "Tidak ada pekerja yang meminta" in text(owner.get("/topics"))
    assert "Belum pernah ada pekerja luar yang meminta topik ini" in text(owner.get("/topics/bank"))
    fetch(office)
    assert "Tidak ada pekerja yang meminta" not in text(owner.get("/topics"))
    with office.service.transaction() as connection:
        silent = office.service.engine.on(connection).real_now() - 2 * HOUR
        connection.execute(update(worker).values(seen_at=silent))
    assert "Tidak ada pekerja yang meminta" in text(owner.get("/topics"))
    assert "tidak ada pekerja luar yang meminta topik ini" in text(owner.get("/topics/bank"))
    with office.service.transaction() as connection:
        connection.execute(
            update(external_task).values(worker="w-1", leased_until=silent + 9 * HOUR)
        )
    assert "Tidak ada pekerja yang meminta" not in text(owner.get("/topics")), "work goes on"


def test_a_topic_is_listed_when_a_worker_asks_though_nothing_waits(office: Office) -> None:
    fetch(office, "purse")
    owner = office.enter("owner")
    [row] = rows(owner, "/topics")
    assert row.startswith("purse 0 0 0 0 – 1 ,")
    [seen] = rows(owner, "/topics/purse?show=workers")
    assert seen.startswith("w-1 Owner" if "Owner" in seen else "w-1 ")


def test_a_task_says_who_has_it_since_when_until_when_and_what_went_wrong(office: Office) -> None:
    begin(office, key="L-7")
    external = office.service.engine.external
    [work] = fetch(office)
    owner = office.enter("owner")
    [row] = rows(owner, "/topics/bank?show=leased")
    assert row.startswith("Ask bank Loan L-7 ")
    assert re.search(r"w-1 , sejak .+, sampai ", row)
    external.fail(work.task.id, "w-1", "bank tutup", "baris 7", retries=2, wait=HOUR)
    [row] = rows(owner, "/topics/bank?show=failing")
    assert "tidak ditawarkan sebelum" in row
    assert row.endswith(" 2 bank tutup")
    page = text(owner.get(f"/topics/tasks/{work.task.id}"))
    assert "bank tutup" in page and "baris 7" in page


def test_a_task_is_taken_from_a_worker_that_died(office: Office) -> None:
    begin(office)
    [work] = fetch(office)
    assert fetch(office, worker="w-2") == []
    owner = office.enter("owner")
    assert "Ambil dari pekerjanya" in text(owner.get(f"/topics/tasks/{work.task.id}"))
    page = text(owner.post(f"/topics/tasks/{work.task.id}/release", follow_redirects=True))
    assert "Pekerja luar berikutnya yang meminta mendapat tugas ini." in page
    assert "Ambil dari pekerjanya" not in page
    [again] = fetch(office, worker="w-2")
    assert again.task.id == work.task.id
    assert entry(office) == ("owner", "release_external_task", f"external_task:{work.task.id}")


def entry(office: Office) -> tuple[str, str, str]:
    with office.service.reading() as connection:
        last = audit.read(connection, operator())[0]
    return last.by, last.act, last.subject


def test_what_was_given_up_is_given_out_again_and_its_incident_closed(office: Office) -> None:
    begin(office)
    [id] = give_up(office)
    owner, engine = office.enter("owner"), office.service.engine
    [incident] = engine.incidents("loan")
    assert f"/incidents?process=loan#incident-{incident.id}" in text(
        owner.get(f"/topics/tasks/{id}")
    )
    assert "bank tutup" in text(owner.get(f"/topics/tasks/{id}/retry"))
    owner.post(f"/topics/tasks/{id}/retry", {"retries": "2"})
    assert engine.incidents("loan") == []
    [work] = fetch(office)
    assert (work.task.id, work.task.retries) == (id, 2)
    assert entry(office) == ("owner", "set_retries", f"external_task:{id}")


@pytest.mark.parametrize("typed", ["", "0", "101", "-1", "tiga", "²", "9" * 30])
def test_tries_that_are_no_number_are_refused_with_what_was_typed(
    office: Office, typed: str
) -> None:
    begin(office)
    [id] = give_up(office)
    owner = office.enter("owner")
    for address in (f"/topics/tasks/{id}/retry", "/topics/bank/retry"):
        answer = owner.post(address, {"retries": typed})
        assert answer.status_code == 422
        assert "Tulis bilangan bulat dari 1 sampai 100." in text(answer)
        assert f'value="{typed}"' in text(answer)
    assert len(office.service.engine.incidents("loan")) == 1


def test_everything_of_a_topic_is_given_out_again_at_once(office_anywhere: Office) -> None:
    begin(office_anywhere, 130)
    give_up(office_anywhere, 120)
    owner = office_anywhere.enter("owner")
    page = text(owner.post("/topics/bank/retry", {"retries": "3"}, follow_redirects=True))
    assert "Tugas yang ditawarkan lagi: 120." in page
    assert office_anywhere.service.engine.incidents("loan") == []
    assert len(fetch(office_anywhere, most=200)) == 130
    assert entry(office_anywhere) == ("owner", "set_retries", "topic:bank")
    with office_anywhere.service.reading() as connection:
        told = [one for one in audit.read(connection, operator()) if one.act == "set_retries"]
    assert [one.details for one in told] == [
        {"retries": 3, "tasks": 20},
        {"retries": 3, "tasks": topics.AT_ONCE},
    ], "each act has its own record"


def test_what_was_given_up_of_another_topic_stays(office: Office) -> None:
    begin(office)
    give_up(office)
    owner = office.enter("owner")
    fetch(office, "purse")
    owner.post("/topics/purse/retry", {"retries": "3"})
    assert len(office.service.engine.incidents("loan")) == 1


def test_who_may_not_repair_may_not_by_any_door(office: Office) -> None:
    begin(office)
    [work] = fetch(office)
    with office.service.reading() as connection:
        found = users.by_username(connection, "kemhan")
        assert found is not None
        scope = scope_of(connection, found.id)
        worker = replace(scope, topics=frozenset({"bank"}))
    for reader in (scope, worker):
        with opened(office.service, reader) as at:
            with pytest.raises(Forbidden):
                topics.topics(at)
            with pytest.raises(Forbidden):
                topics.task(at, work.task.id)
    for act in (
        lambda: external_work.release(office.service, scope, work.task.id),
        lambda: external_work.set_retries(office.service, scope, [work.task.id], 1),
        lambda: external_work.set_priority(office.service, scope, work.task.id, 1),
        lambda: topics.try_all_again(office.service, scope, "bank", 1),
    ):
        with pytest.raises(Forbidden):
            act()


def test_tasks_are_paged_in_the_order_in_which_they_are_given_out(office_anywhere: Office) -> None:
    begin(office_anywhere, 60)
    with office_anywhere.service.reading() as connection:
        ids = list(
            connection.scalars(external_task.select().with_only_columns(external_task.c.token))
        )
    for place, id in enumerate(ids[:40]):
        office_anywhere.service.engine.external.set_priority(id, place % 3)
    owner = office_anywhere.enter("owner")
    forwards, backwards = walked(owner, "/topics/bank")
    assert len(forwards) == 60
    assert forwards == backwards
    links = re.findall(r"/topics/tasks/([0-9a-f-]{36})", text(owner.get("/topics/bank")))
    given = [str(one.task.id) for one in fetch(office_anywhere, most=60)]
    assert list(dict.fromkeys(links)) == given[:25]


def test_topics_and_workers_are_paged_too(office_anywhere: Office) -> None:
    with office_anywhere.service.transaction() as connection:
        now = office_anywhere.service.engine.on(connection).real_now()
        for n in range(60):
            row = {"worker": f"w{n:02}", "by": "owner", "seen_at": now - timedelta(seconds=n // 2)}
            connection.execute(insert(worker), {**row, "topic": f"t{n:02}"})
            connection.execute(insert(worker), {**row, "topic": "many"})
    owner = office_anywhere.enter("owner")
    for address, number in (("/topics", 61), ("/topics/many?show=workers", 60)):
        forwards, backwards = walked(owner, address)
        assert len(forwards) == number
        assert len(set(forwards)) == number
        assert forwards == backwards


@pytest.mark.parametrize("name", ["a/b c", "50%", "?x=1#y", "süß", "%2F", "a&b", "tasks"])
def test_a_topic_has_its_page_whatever_it_is_called(office: Office, name: str) -> None:
    fetch(office, name)
    owner = office.enter("owner")
    [link] = re.findall(r'class="row-link break" href="([^"]+)"', text(owner.get("/topics")))
    assert owner.get(link).status_code == 200
    [seen] = rows(owner, f"{link}?show=workers")
    assert seen.startswith("w-1")
    assert owner.get(f"/topics/{quote(quote(name, safe=''))}/retry").status_code == 200


@pytest.mark.parametrize(
    "place", ["x", "0_x_y", "0_2026-01-01T00:00:00_x", "a_2026-01-01T00:00:00+00:00_x"]
)
def test_a_place_that_is_none_is_not_there(office: Office, place: str) -> None:
    begin(office)
    fetch(office)
    owner = office.enter("owner")
    assert owner.get(f"/topics/bank?after={quote(place)}").status_code == 404
    assert owner.get("/topics/bank?show=workers&after=x").status_code == 404


def test_what_is_done_or_never_was_is_not_there(office: Office) -> None:
    begin(office)
    [work] = fetch(office)
    office.service.engine.external.complete(work.task.id, "w-1")
    owner = office.enter("owner")
    assert owner.get(f"/topics/tasks/{work.task.id}").status_code == 404
    assert owner.post(f"/topics/tasks/{uuid7()}/release").status_code == 404
    assert owner.get("/topics/purse").status_code == 404


def of_a_real_case(office: Office) -> UUID:
    """An external task that a real follow-up waits at, which a worker has failed at."""
    with office.service.transaction() as connection:
        found = connection.execute(
            select(instance).where(instance.c.key == "follow_up", instance.c.ended_at.is_(None))
        ).first()
        assert found is not None
        row = {
            "instance_id": found.id,
            "token": uuid7(),
            "definition_id": found.definition_id,
            "process_key": "follow_up",
            "business_key": found.business_key,
            "element_id": "implement",
            "topic": "bank",
            "priority": 0,
            "created_at": office.clock.now,
            "retries": 2,
            "error_message": "bank tutup",
            "error_details": "isi surat rahasia",
        }
        connection.execute(insert(external_task), row)
    return row["token"]


def test_of_a_real_case_the_page_tells_that_it_waits_and_not_which_it_is(office: Office) -> None:
    id = of_a_real_case(office)
    with office.service.reading() as connection:
        task = externals.by_id(connection, id)
    assert task is not None and task.business_key
    owner = office.enter("owner")
    [row] = rows(owner, "/topics/bank")
    assert "kasus sungguhan" in row
    for address in ("/topics/bank", f"/topics/tasks/{id}", f"/topics/tasks/{id}/retry"):
        page = text(owner.get(address))
        assert task.business_key not in page
        assert str(task.instance_id) not in page
        assert "bank tutup" not in page
        assert "isi surat rahasia" not in page


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_task_of_a_real_case_is_repaired_by_each_door(office: Office, door: str) -> None:
    id, external = of_a_real_case(office), office.service.engine.external
    external.lease(id, "w-1", HOUR)
    if door == "page":
        owner = office.enter("owner")
        answers = [
            owner.post(f"/topics/tasks/{id}/release"),
            owner.post(f"/topics/tasks/{id}/retry", {"retries": "5"}),
        ]
    else:
        api, address = Api(office.app, office.service), f"/engine-rest/external-task/{id}"
        answers = [
            api.call("owner", "POST", f"{address}/unlock"),
            api.call("owner", "PUT", f"{address}/retries", json={"retries": 5}),
        ]
    assert [one.status_code for one in answers] == ([302] * 2 if door == "page" else [204] * 2)
    with office.service.reading() as connection:
        task = externals.by_id(connection, id)
    assert task is not None
    assert (task.worker, task.retries) == (None, 5)
    assert entry(office) == ("owner", "set_retries", f"external_task:{id}")


def test_who_may_read_the_case_besides_is_led_to_it(office: Office) -> None:
    id = of_a_real_case(office)
    with office.service.transaction() as connection:
        person = users.by_username(connection, "asdep")
        assert person is not None
        both = Grants({"supervisor": "asdep", "process-owner": None}, frozenset())
        users.replace_grants(connection, person.id, both)
    page = text(office.enter("asdep").get(f"/topics/tasks/{id}"))
    assert 'href="/follow-ups/' in page
    assert "bank tutup" in page
    assert "isi surat rahasia" in page


@pytest.mark.parametrize("username", ["coordinator", "asdep", "kemhan"])
def test_only_owners_and_administrators_see_and_repair(office: Office, username: str) -> None:
    begin(office)
    [id] = give_up(office)
    person = office.enter(username)
    for address in ("/topics", "/topics/bank", f"/topics/tasks/{id}", "/topics/bank/retry"):
        assert person.get(address).status_code == 403
    for address in (
        f"/topics/tasks/{id}/release",
        f"/topics/tasks/{id}/retry",
        "/topics/bank/retry",
    ):
        assert person.post(address, {"retries": "1"}).status_code == 403
    assert len(office.service.engine.incidents("loan")) == 1

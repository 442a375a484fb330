"""What is stuck, who is told of it, and what repairing it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from engine.sentences.errors import Conflict, Forbidden, NotFound
from engine.storage.later import jobs
from engine.storage.tables import job
from processes.acts import reading
from processes.acts.service import Service
from processes.desk import repairs
from processes.desk.repairs import Stuck
from processes.rights import audit
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.work import tasks
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_programs import a_worker, asking, fetch, give_up
from tests.processes.stories.world import World
from tests.web.api.models import DIVIDED, REVIEW


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


@pytest.fixture
def coordinator(small: Data) -> Scope:
    return scope(small, person(small, "ani", granted("coordinator")))


def stuck(data: Service, who: Scope, key: str | None = None) -> list[Stuck]:
    with data.reading() as connection:
        return repairs.stuck(connection, who, key=key)


def one(data: Service, who: Scope, id: UUID) -> Stuck:
    with data.reading() as connection:
        return repairs.one(connection, who, id)


def divided_by_nothing(data: Data, coordinator: Scope) -> tuple[UUID, UUID]:
    """An instance whose step fails at a division; its task and its incident."""
    if not data.engine.versions("divided"):
        data.engine.deploy(DIVIDED, "olga")
    instance = data.engine.start("divided", {}, by="olga")
    [task] = data.engine.tasks(instance_id=instance, limit=10)
    outcome = tasks.complete(data, coordinator, task.id, {"count": 0})
    assert outcome.incident is not None
    return task.id, outcome.incident


def acts(data: Data) -> list[tuple[str, dict[str, object]]]:
    """Repairs in the record, the newest first."""
    with data.reading() as connection:
        found = audit.read(connection, operator(), limit=100)
    repairing = ("retry_incident", "discard_incident", "revive_job")
    return [(one.act, dict(one.details)) for one in found if one.act in repairing]


# --- what is told -------------------------------------------------------------------------------


def test_incidents_are_told_newest_first_and_by_process(
    small: Data, owner: Scope, coordinator: Scope
) -> None:
    _, first = divided_by_nothing(small, coordinator)
    _, second = divided_by_nothing(small, coordinator)
    assert [found.incident.id for found in stuck(small, owner)] == [second, first]
    assert len(stuck(small, owner, "divided")) == 2
    assert stuck(small, owner, "review") == []


def test_a_step_that_failed_has_begun_and_nobody_gave_it_up(
    small: Data, owner: Scope, coordinator: Scope
) -> None:
    _, incident = divided_by_nothing(small, coordinator)
    found = one(small, owner, incident)
    assert (found.has_begun, found.gave_up, found.version.key) == (True, False, "divided")
    assert found.case is None, "it is of no real case"


def test_work_that_a_program_gave_up_is_told_as_such(small: Data, owner: Scope) -> None:
    asking(small)
    worker = a_worker(small)
    [work] = fetch(small, worker)
    give_up(small, worker, work.task.id)
    [found] = stuck(small, owner)
    assert (found.has_begun, found.gave_up) == (True, True)


def test_a_repaired_incident_is_not_told_any_more(
    small: Data, owner: Scope, coordinator: Scope
) -> None:
    _, incident = divided_by_nothing(small, coordinator)
    repairs.discard(small, owner, incident)
    assert stuck(small, owner) == []
    with pytest.raises(Conflict):
        one(small, owner, incident)
    with pytest.raises(NotFound):
        one(small, owner, uuid4())


# --- repairing ----------------------------------------------------------------------------------


def test_a_retry_that_fails_again_stays_open_and_both_tries_are_recorded(
    small: Data, owner: Scope, coordinator: Scope
) -> None:
    _, incident = divided_by_nothing(small, coordinator)
    for _ in range(2):
        repair = repairs.retry(small, owner, incident)
        assert not repair.done
    assert len(stuck(small, owner)) == 1
    assert acts(small) == [("retry_incident", {"done": False})] * 2


def test_giving_up_returns_the_input_to_its_author_as_a_draft(
    small: Data, owner: Scope, coordinator: Scope
) -> None:
    task, incident = divided_by_nothing(small, coordinator)
    repairs.discard(small, owner, incident)
    draft = small.engine.draft(task, "ani")
    assert draft is not None
    assert draft.data == {"count": 0}
    assert small.engine.draft(task, "olga") is None, "who repairs gets nothing to decide"
    assert acts(small) == [("discard_incident", {})]


@pytest.mark.parametrize("act", [repairs.retry, repairs.discard])
def test_an_incident_is_taken_care_of_once(
    small: Data, owner: Scope, coordinator: Scope, act: Callable[..., object]
) -> None:
    _, incident = divided_by_nothing(small, coordinator)
    repairs.discard(small, owner, incident)
    with pytest.raises(Conflict):
        act(small, owner, incident)
    with pytest.raises(NotFound):
        act(small, owner, uuid4())
    assert acts(small) == [("discard_incident", {})]


def test_a_dead_letter_is_tried_again_once(small_world: World) -> None:
    world, owner = small_world, small_world.person("owner")
    world.issued()
    service = world.service
    with service.transaction() as connection:
        id = connection.execute(select(job.c.id).limit(1)).scalar_one()
        connection.execute(update(job).where(job.c.id == id).values(status="dead"))
    with reading.opened(service, owner) as at:
        assert [one.id for one in repairs.dead_letters(at).items] == [id]
    repairs.revive(service, owner, id)
    with reading.opened(service, owner) as at:
        assert repairs.dead_letters(at).items == []
    with pytest.raises(Conflict):
        repairs.revive(service, owner, id)


def test_dead_letters_are_read_page_by_page_and_counted_as_a_whole(small: Data) -> None:
    rows = [jobs.job_row("mail", NOW, {"mail_id": str(n)}) for n in range(5)]
    with small.transaction() as connection:
        jobs.add(connection, [{**row, "status": "dead"} for row in rows])
    who = scope(small, person(small, "olga", granted("process-owner")))
    with reading.opened(small, who) as at:
        first = repairs.dead_letters(at, limit=2)
        assert first.last is not None
        second = repairs.dead_letters(at, after=first.last.id, limit=2)
        assert second.first is not None
        assert repairs.dead_letters(at, before=second.first.id, limit=2).items == first.items
        read = [one.id for one in (*first.items, *second.items)]
        assert read == sorted(row["id"] for row in rows)[:4]
        assert (second.more, repairs.count_dead_letters(at)) == (True, 5)


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "contact"])
def test_whoever_works_on_cases_neither_reads_nor_repairs_incidents(
    small: Data, coordinator: Scope, role: str
) -> None:
    _, incident = divided_by_nothing(small, coordinator)
    grants = granted(contact_of="kemhan") if role == "contact" else granted(role)
    who = scope(small, person(small, "bima", grants))
    for ask in (
        lambda: stuck(small, who),
        lambda: one(small, who, incident),
        lambda: repairs.retry(small, who, incident),
        lambda: repairs.discard(small, who, incident),
        lambda: repairs.revive(small, who, incident),
    ):
        with pytest.raises(Forbidden):
            ask()
    for question in (repairs.dead_letters, repairs.count_dead_letters):
        with reading.opened(small, who) as at, pytest.raises(Forbidden):
            question(at)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("coordinator", True), ("kemhan", True), ("kemenperin", False), ("owner", False),
     ("admin", False)],
)  # fmt: skip
def test_the_real_case_behind_an_instance_is_told_to_those_who_may_read_it(
    small_world: World, who: str, sees: bool
) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    instance = world.instance(case)
    with world.service.reading() as connection:
        found = repairs.seen_cases(connection, world.person(who), [("follow_up", instance)])
    assert {id: head.follow_up_id for id, head in found.items()} == (
        {instance: case} if sees else {}
    )


def test_a_case_above_the_clearance_is_none_of_those(small_world: World) -> None:
    world = small_world
    id = world.propose()
    world.register(id, classification="secret", supporting=[])
    world.lower_clearance("coordinator", "restricted")
    places = [("recommendation", world.instance(id))]
    with world.service.reading() as connection:
        assert repairs.seen_cases(connection, world.person("coordinator"), places) == {}
        assert len(repairs.seen_cases(connection, world.person("asdep"), places)) == 1


def test_an_instance_of_another_process_is_no_real_case(small: Data, coordinator: Scope) -> None:
    small.engine.deploy(REVIEW, "olga")
    instance = small.engine.start("review", {"due": None}, by="olga")
    with small.reading() as connection:
        assert repairs.seen_cases(connection, coordinator, [("review", instance)]) == {}
